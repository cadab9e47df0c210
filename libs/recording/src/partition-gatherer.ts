import { crc32 } from 'node:zlib';
import { contentHashOf, DEFAULT_SOURCE, USAGE_PARTITIONS, type UsageEvent } from '#contracts';

/** The events of one request that share a partition, as the JSON of a list without its brackets. */
export interface PartitionEvents {
  partition: number;
  events: number;
  json: string;
}

/** Bounds of one piece, so that a record and what pricing makes of it stay far below the broker's limit. */
export const PIECE_CHARACTERS_MAX = 256 * 1024;
export const PIECE_EVENTS_MAX = 1_000;

/** Gathers the events of one request by the partition of their identity, and finds those that are there already. */
export class PartitionGatherer {
  readonly pieces: PartitionEvents[] = [];
  private readonly open: (PartitionEvents | undefined)[] = [];
  private readonly seen = new Map<string, string>();
  private readonly defaultPrefix: number;

  constructor(private readonly project: string) {
    this.defaultPrefix = crc32(`${project}\0${DEFAULT_SOURCE}\0`);
  }

  /**
   * @param json the event as it will be stored, its id included.
   * `duplicate`: the same event is in this request already. `conflict`: its id is, with other content. Neither is gathered.
   */
  add(id: string, source: string | undefined, json: string): 'accepted' | 'duplicate' | 'conflict' {
    const identity = source === undefined ? `${DEFAULT_SOURCE}\0${id}` : `${source}\0${id}`;
    const before = this.seen.get(identity);
    if (before !== undefined) return isSameContent(before, json) ? 'duplicate' : 'conflict';
    this.seen.set(identity, json);
    // The CRC of a text goes on from the CRC of its beginning: this is `partitionOf`, with the project hashed once.
    const prefix =
      source === undefined ? this.defaultPrefix : crc32(`${this.project}\0${source}\0`);
    this.append(crc32(id, prefix) % USAGE_PARTITIONS, json);
    return 'accepted';
  }

  private append(partition: number, json: string): void {
    const piece = this.open[partition];
    if (
      piece !== undefined &&
      piece.events < PIECE_EVENTS_MAX &&
      piece.json.length + json.length < PIECE_CHARACTERS_MAX
    ) {
      piece.json += `,${json}`;
      piece.events += 1;
      return;
    }
    const fresh = { partition, events: 1, json };
    this.open[partition] = fresh;
    this.pieces.push(fresh);
  }
}

function isSameContent(one: string, other: string): boolean {
  if (one === other) return true;
  return (
    contentHashOf(JSON.parse(one) as UsageEvent) === contentHashOf(JSON.parse(other) as UsageEvent)
  );
}
