/** What is read here: the log, its ends and its wiring. What changes the cluster is in `writes.ts`. */
export { assertWiring, type WiringOptions } from './assert-wiring.js';
export { type BatchServerOptions, KafkaBatchServer } from './batch-server.js';
export { type PartitionEnds } from './client/sessions.js';
export { ClusterView, type ClusterViewOptions } from './cluster-view.js';
export { type AssignedProgress } from './consumer-progress.js';
export type { EnvelopeProducerOptions } from './envelope-producer.js';
export { type EnvelopeRecord, type EnvelopeSend } from './pending-sends.js';
export { KafkaConsumerSettings, KafkaSettings } from './kafka-settings.js';
export type { ProvisionOptions } from './provision-topics.js';
export { type KafkaRecord, type RecordBatch, type TopicPartition } from './record-batch.js';
export { type BaseOffset, type SendOutcome } from './send-outcome.js';
export { splitByBytes, type SplitRecords } from './split-by-bytes.js';
export { serveTopic, type ServedTopic } from './serve-topic.js';
