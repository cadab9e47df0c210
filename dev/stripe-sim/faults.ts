import type { RequestParams } from './request-params.js';
import { invalidParameter } from './api-error.js';

/**
 * A fault that a test asks for. `before` the request takes effect, or `after` it has: the two look alike from
 * outside, and telling them apart is what the tests are about.
 */
export interface Fault {
  method: string;
  readonly path: string;
  /** The first matching call, counted from 1 and from the moment of adding, that goes wrong, and how many do. */
  readonly nth: number;
  readonly times: number;
  readonly action: 'status' | 'hang' | 'reset' | 'truncate' | 'delay';
  readonly when: 'before' | 'after';
  readonly status: number;
  readonly delay_ms: number;
}

/** The faults to come. They live as long as the process: a restarted simulator behaves. */
export class Faults {
  private planned: { fault: Fault; pattern: RegExp; seen: number }[] = [];

  /** `path` may hold `*` for one segment. A truncated answer always comes after the effect, a delay always before it. */
  add(params: RequestParams): Fault {
    const action = params.oneOf('action', ['status', 'hang', 'reset', 'truncate', 'delay']);
    if (action === undefined) throw invalidParameter('action', 'action is required');
    const fault: Fault = {
      method: params.text('method') ?? 'POST',
      path: params.requiredText('path'),
      nth: params.integer('nth') ?? 1,
      times: params.integer('times') ?? 1,
      action,
      when: params.oneOf('when', ['before', 'after']) ?? 'before',
      status: params.integer('status') ?? 500,
      delay_ms: params.integer('delay_ms') ?? 0,
    };
    params.end();
    const segments = fault.path
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
    this.planned.push({ fault, pattern: new RegExp(`^${segments.join('[^/]+')}$`), seen: 0 });
    return fault;
  }

  list(): Fault[] {
    return this.planned.map(({ fault }) => fault);
  }

  clear(): void {
    this.planned = [];
  }

  /** Counts the call against every fault that matches it, and gives the first that strikes. */
  strike(method: string, path: string): Fault | undefined {
    const struck = this.planned.filter((plan) => {
      if (plan.fault.method !== method || !plan.pattern.test(path)) return false;
      plan.seen += 1;
      return plan.seen >= plan.fault.nth && plan.seen < plan.fault.nth + plan.fault.times;
    });
    return struck[0]?.fault;
  }
}
