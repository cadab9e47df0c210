import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signWebhook } from './sign-webhook.js';

const OLD = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const body = JSON.stringify({ id: 'a1', type: 'budget.breached', data: { name: 'Ü 🙂' } });
const atMs = Date.now();
const content = { id: 'a1', atMs, body };
const at = (ms: number) => new Date(atMs + ms).toISOString();

describe('the signature', () => {
  it('is one that the reference library verifies', () => {
    const headers = signWebhook(content, [{ secret: NEW, expires_at: null }]);
    expect(new Webhook(NEW).verify(body, headers)).toMatchObject({ id: 'a1' });
    expect(() => new Webhook(OLD).verify(body, headers)).toThrow();
    expect(() => new Webhook(NEW).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(NEW).verify(body, { ...headers, 'webhook-id': 'a2' })).toThrow();
  });

  it('is there for both secrets while one is rotated out', () => {
    const both = [
      { secret: NEW, expires_at: null },
      { secret: OLD, expires_at: at(1) },
    ];
    const headers = signWebhook(content, both);
    for (const secret of [OLD, NEW]) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ id: 'a1' });
    }
  });

  it('is no more there for a secret whose time is over', () => {
    const headers = signWebhook(content, [
      { secret: NEW, expires_at: null },
      { secret: OLD, expires_at: at(0) },
    ]);
    expect(() => new Webhook(OLD).verify(body, headers)).toThrow();
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(1);
  });
});
