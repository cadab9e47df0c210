export { type BatchText, batchTexts, type Receipt, type Sender } from './batch-texts.js';
export { PartitionGatherer } from './partition-gatherer.js';
export { recordOf, type RecordedRecord } from './recorded-record.js';
export {
  type Flight,
  type FlightOutcome,
  Recorder,
  type RecorderOptions,
  type RecordOutcome,
} from './recorder.js';
