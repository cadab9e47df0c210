import { DEFAULT_SOURCE, type UsageEvent } from '#contracts';

/** How often something was sent, and how often that was answered 202. Between the two lie the answers that never came. */
export interface Sendings {
  tried: number;
  acknowledged: number;
}

/** All that was sent under one identity. */
export interface SentIdentity {
  /** What came first: it counts. */
  event: UsageEvent;
  sendings: Sendings;
  /** Sendings of other content under the same identity, all after the first was acknowledged. */
  contradictions: Sendings;
  /** When the event was first sent and first acknowledged: what has no time of its own was received in between. */
  firstTriedMs: number;
  firstAcknowledgedMs: number | null;
}

/** Everything that a load has sent into one project: the reference that the stored usage is held against. */
export class SentUsage {
  private readonly byIdentity = new Map<string, SentIdentity>();

  get identities(): ReadonlyMap<string, SentIdentity> {
    return this.byIdentity;
  }

  noteTry(events: readonly UsageEvent[]): void {
    for (const event of events) this.sendingsOf(event).tried += 1;
  }

  noteAcknowledgement(events: readonly UsageEvent[]): void {
    for (const event of events) {
      this.sendingsOf(event).acknowledged += 1;
      this.of(event).firstAcknowledgedMs ??= Date.now();
    }
  }

  private sendingsOf(event: UsageEvent): Sendings {
    const sent = this.of(event);
    return sent.event === event ? sent.sendings : sent.contradictions;
  }

  private of(event: UsageEvent): SentIdentity {
    const key = identityKey(event.source ?? DEFAULT_SOURCE, event.id);
    const known = this.byIdentity.get(key);
    if (known) return known;
    const sent = {
      event,
      sendings: { tried: 0, acknowledged: 0 },
      contradictions: { tried: 0, acknowledged: 0 },
      firstTriedMs: Date.now(),
      firstAcknowledgedMs: null,
    };
    this.byIdentity.set(key, sent);
    return sent;
  }
}

export function identityKey(source: string, id: string): string {
  return `${source} ${id}`;
}
