import { Injectable } from '@nestjs/common';
import { countSetAside, findEvent, findQuarantinedById } from '#clickhouse';
import type { Identity } from '#contracts';
import { Engines } from '../engines/engines.js';
import { FreshnessService } from '../freshness/freshness.service.js';
import type { EventDto } from './event.dto.js';
import { showEvent, showQuarantined } from './show-event.js';

/** The event, or up to when it is certain that there is none. */
export type EventSearch = { event: EventDto } | { event: null; freshTo: string | null };

/** Single events and what became of them. */
@Injectable()
export class EventsService {
  constructor(
    private readonly engines: Engines,
    private readonly freshness: FreshnessService,
  ) {}

  /** An event that counts stands before a quarantined one of the same id, which it may be the replay of. */
  async find(identity: Identity): Promise<EventSearch> {
    const freshTo = await this.freshness.freshTo();
    const [stored, counts] = await Promise.all([
      this.engines.clickhouse((client) => findEvent(client, identity)),
      this.engines.clickhouse((client) => countSetAside(client, identity)),
    ]);
    if (stored !== undefined) return { event: showEvent(stored, counts) };
    const quarantined = await this.engines.clickhouse((client) =>
      findQuarantinedById(client, identity),
    );
    return quarantined ? { event: showQuarantined(quarantined) } : { event: null, freshTo };
  }
}
