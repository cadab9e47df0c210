/** What changes Redis. In an app only a sink is given any of it. */
export { CounterWrites } from './counter-writes.js';
export { PaceWrites } from './pace-writes.js';
export { PendingAlertWrites } from './pending-alert-writes.js';
export { ProjectEndWrites } from './project-end-writes.js';
export { SharedUseWrites } from './shared-use-writes.js';
export { SlidingStateWrites } from './sliding-state-writes.js';
