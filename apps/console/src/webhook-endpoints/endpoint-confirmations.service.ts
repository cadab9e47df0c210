import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { ApiError } from '#http';
import { Clock } from '#platform';
import { type Postgres, type WebhookEndpoint, WebhookEndpoints } from '#postgres';
import { EndpointConfirmationWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';

/** Without letters and digits that are taken for each other. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;
const DAY_MS = 86_400_000;
/** Of a project: nobody's mailbox is to be filled by it. */
const CODES_A_DAY_MAX = 50;

/** An address of e-mail gets no alert before its owner agrees: who gives back the code that was sent there. */
@Injectable()
export class EndpointConfirmationsService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 429 where the project has asked for too many codes today. */
  async ask(postgres: Postgres, { project, id }: WebhookEndpoint): Promise<void> {
    const atMs = this.clock.now();
    const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
    const asked = await new EndpointConfirmationWrites(postgres).ask(
      { id: `confirm_${randomBase62(24)}`, project, endpoint: id, code: code.join('') },
      { at: new Date(atMs), since: new Date(atMs - DAY_MS), max: CODES_A_DAY_MAX },
    );
    if (asked) return;
    const message = `a project sends at most ${CODES_A_DAY_MAX} codes of confirmation a day`;
    throw new ApiError(429, 'too_many_confirmations', message, [], { 'retry-after': '3600' });
  }

  /** Sends another code; the one before holds no more. Undefined when there is no such endpoint. */
  askAgain(project: string, id: string): Promise<WebhookEndpoint | undefined> {
    return this.engines.postgres(async (postgres) => {
      const endpoint = await new WebhookEndpoints(postgres).find(project, id);
      if (endpoint?.confirmed_at === null) await this.ask(postgres, endpoint);
      return endpoint;
    });
  }

  /**
   * Undefined when there is no such endpoint.
   * @throws ApiError 409 for a code that is wrong, a day old, replaced by another one or tried too often.
   */
  confirm(project: string, id: string, code: string): Promise<WebhookEndpoint | undefined> {
    const atMs = this.clock.now();
    const times = { at: new Date(atMs), since: new Date(atMs - DAY_MS) };
    return this.engines.postgres(async (postgres) => {
      const confirmations = new EndpointConfirmationWrites(postgres);
      const outcome = await confirmations.confirm({ project, id }, code.toUpperCase(), times);
      if (outcome === 'missing') return undefined;
      if (outcome === 'refused') {
        const message = 'this is not the last code that was sent, or it was tried too often';
        throw new ApiError(409, 'wrong_code', message);
      }
      return new WebhookEndpoints(postgres).find(project, id);
    });
  }
}
