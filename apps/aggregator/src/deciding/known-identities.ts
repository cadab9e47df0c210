import { Inject, Injectable } from '@nestjs/common';
import { DECIDING_PORTS, type DecidingPorts } from './deciding.ports.js';
import { FilterLoading } from './filter-loading.js';
import { IdentityFilter } from './identity-filter.js';

const FILTER_BYTES_MIN = 128;
/** With fewer bits for each identity, about one new identity in two hundred is looked up in ClickHouse; with more, hardly any. */
const BITS_PER_IDENTITY_MIN = 12;

/** The filter of each partition that this process owns. Together they keep within the memory that configuration gives them. */
@Injectable()
export class KnownIdentities {
  private readonly filters = new Map<number, { epoch: bigint; filter: IdentityFilter }>();
  private sharers = 1;

  constructor(
    @Inject(DECIDING_PORTS) private readonly ports: Pick<DecidingPorts, 'filterBytesMax'>,
    private readonly loading: FilterLoading,
  ) {}

  /** Which partitions are going to share the memory. What others' filters have of it is free from now on. */
  share(partitions: readonly number[]): void {
    this.sharers = Math.max(partitions.length, 1);
    for (const partition of this.filters.keys()) {
      if (partitions.includes(partition)) continue;
      this.filters.delete(partition);
      this.loading.abandon(partition);
    }
  }

  /**
   * A filter that serves from now on and is filled with what is stored meanwhile. The filter of the last ownership
   * serves on when nobody owned the partition in between: it knows all that we decided.
   */
  async filterFor(partition: number, epoch: bigint): Promise<IdentityFilter> {
    const last = this.filters.get(partition);
    this.loading.abandon(partition);
    const filter =
      (last?.epoch === epoch - 1n ? await this.fitted(last.filter) : null) ??
      new IdentityFilter(this.bytesOfOne);
    this.filters.set(partition, { epoch, filter });
    if (!filter.isWhole) this.loading.load(partition, filter);
    return filter;
  }

  /** Null when it is crowded, and there is room for a larger one. */
  private async fitted(filter: IdentityFilter): Promise<IdentityFilter | null> {
    let fitting = filter;
    while (fitting.bytes > this.bytesOfOne) fitting = await fitting.halved();
    const isCrowded = fitting.bitsPerIdentity < BITS_PER_IDENTITY_MIN;
    return isCrowded && fitting.bytes < this.bytesOfOne ? null : fitting;
  }

  /** A power of two, so that a partition more or less seldom changes it. */
  private get bytesOfOne(): number {
    const share = Math.floor(this.ports.filterBytesMax / this.sharers);
    return Math.max(2 ** Math.floor(Math.log2(share)), FILTER_BYTES_MIN);
  }
}
