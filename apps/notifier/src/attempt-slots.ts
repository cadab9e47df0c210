import type { Room } from '#postgres';

export interface SlotLimits {
  /** Attempts of endpoints that answer, all together; those in trouble have as many for themselves. */
  inFlightMax: number;
  perEndpointMax: number;
  /** An attempt that lasts longer puts its endpoint in trouble. */
  slowMs: number;
}

export interface Slot {
  free(succeeded: boolean): void;
}

const ENDPOINTS_REMEMBERED_MAX = 10_000;

interface EndpointSlots {
  inFlight: number;
  troubled: boolean;
}

/**
 * Who may begin an attempt. Endpoints in trouble (the last attempt failed, or one is slow) share a pool of their own, one
 * attempt each: however many of them there are, they never take a place from one that answers.
 */
export class AttemptSlots {
  private readonly endpoints = new Map<string, EndpointSlots>();
  private readonly inFlight = { healthy: 0, troubled: 0 };

  constructor(private readonly limits: SlotLimits) {}

  get total(): number {
    return this.inFlight.healthy + this.inFlight.troubled;
  }

  /** What may begin now, for those who look for work. */
  room(): Room {
    const healthy = Math.max(0, this.limits.inFlightMax - this.inFlight.healthy);
    const troubled = Math.max(0, this.limits.inFlightMax - this.inFlight.troubled);
    const known = [...this.endpoints];
    const inTrouble = known.filter(([, slots]) => slots.troubled);
    return {
      healthy,
      troubled: { total: troubled, endpoints: inTrouble.map(([id]) => id) },
      named: Object.fromEntries(known.map(([id, slots]) => [id, this.roomOf(slots)])),
      others: this.roomOf({ inFlight: 0, troubled: false }),
    };
  }

  /** Null when there is no place. */
  take(endpoint: string): Slot | null {
    const slots = this.endpoints.get(endpoint) ?? { inFlight: 0, troubled: false };
    if (this.roomOf(slots) < 1) return null;
    this.endpoints.set(endpoint, slots);
    slots.inFlight += 1;
    this.inFlight[poolOf(slots)] += 1;
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      this.mark(slots, true);
    }, this.limits.slowMs);
    return {
      free: (succeeded) => {
        clearTimeout(timer);
        this.inFlight[poolOf(slots)] -= 1;
        slots.inFlight -= 1;
        this.mark(slots, slow || !succeeded);
        if (slots.inFlight > 0) return;
        this.endpoints.delete(endpoint);
        if (slots.troubled) this.remember(endpoint, slots);
      },
    };
  }

  /** The longest untroubled by attempts is forgotten first: it may be gone for good. */
  private remember(endpoint: string, slots: EndpointSlots): void {
    this.endpoints.set(endpoint, slots);
    if (this.endpoints.size <= ENDPOINTS_REMEMBERED_MAX) return;
    const idle = [...this.endpoints].find(([, { inFlight }]) => inFlight === 0);
    if (idle) this.endpoints.delete(idle[0]);
  }

  /** Half of the pool is for first attempts alone, so that a burst to some leaves a place for the others. */
  private roomOf({ troubled, inFlight }: EndpointSlots): number {
    const max = troubled ? 1 : this.limits.perEndpointMax;
    const pool = this.limits.inFlightMax - this.inFlight[poolOf({ troubled })];
    const first = inFlight === 0 ? Math.min(1, pool) : 0;
    const further = Math.max(0, pool - Math.floor(this.limits.inFlightMax / 2));
    return Math.max(0, Math.min(max - inFlight, Math.max(first, further)));
  }

  /** What is in flight moves with its endpoint, so that a slow one gives its places back at once. */
  private mark(slots: EndpointSlots, troubled: boolean): void {
    if (slots.troubled === troubled) return;
    this.inFlight[poolOf(slots)] -= slots.inFlight;
    slots.troubled = troubled;
    this.inFlight[poolOf(slots)] += slots.inFlight;
  }
}

function poolOf({ troubled }: Pick<EndpointSlots, 'troubled'>): 'healthy' | 'troubled' {
  return troubled ? 'troubled' : 'healthy';
}
