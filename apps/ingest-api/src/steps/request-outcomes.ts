import { PartitionGatherer } from '#recording';
import type { Refusal } from './reading.js';

/** What became of one item of a request. */
export type ItemOutcome =
  | { status: 'accepted' | 'duplicate'; id: string }
  | { status: 'refused'; id: string | null; error: Refusal };

const CONFLICT: Refusal = {
  code: 'conflict',
  message: 'the same id stands earlier in this request with other content',
  field: 'id',
};

/** An outcome for every item of one request, in order, and what is going to be recorded. */
export class RequestOutcomes {
  readonly items: ItemOutcome[] = [];
  accepted = 0;
  duplicate = 0;
  refused = 0;
  readonly gatherer: PartitionGatherer;

  constructor(project: string) {
    this.gatherer = new PartitionGatherer(project);
  }

  /** @param json the event as it will be stored, its id included. */
  take(id: string, source: string | undefined, json: string): void {
    const status = this.gatherer.add(id, source, json);
    if (status === 'conflict') return this.refuse(id, CONFLICT);
    this[status] += 1;
    this.items.push({ status, id });
  }

  refuse(id: string | null, error: Refusal): void {
    this.refused += 1;
    this.items.push({ status: 'refused', id, error });
  }
}
