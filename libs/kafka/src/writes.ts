/** What changes the cluster. In an app only a sink is given any of it. */
export { EnvelopeProducer } from './envelope-producer.js';
export { provisionTopics } from './provision-topics.js';
