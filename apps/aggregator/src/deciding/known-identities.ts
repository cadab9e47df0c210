import { Inject, Injectable } from '@nestjs/common';
import { DECIDING_PORTS, type DecidingPorts } from './deciding.ports.js';
import { IdentityFilter } from './identity-filter.js';

/** The filter of each partition that is or was owned, filled with what is stored. */
@Injectable()
export class KnownIdentities {
  private readonly filters = new Map<number, { epoch: bigint; filter: IdentityFilter }>();

  constructor(@Inject(DECIDING_PORTS) private readonly ports: DecidingPorts) {}

  /** The filter of the last ownership serves on when nobody owned the partition in between: it knows all that we decided. */
  async filterFor(partition: number, epoch: bigint): Promise<IdentityFilter> {
    const last = this.filters.get(partition);
    if (last?.epoch === epoch - 1n) {
      last.epoch = epoch;
      return last.filter;
    }
    const { identities, filterIdentitiesMin, filterIdentitiesMax } = this.ports;
    const stored = await identities.countIdentities(partition);
    const filter = new IdentityFilter(
      Math.min(Math.max(stored * 4, filterIdentitiesMin), filterIdentitiesMax),
    );
    const added = await filter.addAll(identities.streamIdentities(partition));
    // A server that fails midway may end its answer as if it were whole; a filter that misses identities counts twice.
    if (added < stored) {
      throw new Error(`partition ${partition} has ${stored} identities, and only ${added} arrived`);
    }
    this.filters.set(partition, { epoch, filter });
    return filter;
  }
}
