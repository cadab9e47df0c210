import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#platform';
import type { KeyGrant } from '#postgres';
import { mintApiKey, parseApiKey } from './api-key.js';
import { toBase62 } from './base62.js';
import { KeyVerifier } from './key-verifier.js';

/** PostgreSQL as the verifier sees it: grants that can be added, changed, revoked, and out of reach. */
class FakeKeys {
  readonly grants = new Map<string, KeyGrant>();
  readonly changes = new Map<string, string>();
  lookups = 0;
  away = false;
  giveAnswers: () => void = () => undefined;
  private answering: Promise<void> | undefined;

  mint(expiresAt: Date | null = null): { key: string; id: string } {
    const { id, key, secretHash } = mintApiKey();
    const grant = {
      id,
      secretHash,
      project: 'p1',
      scopes: ['ingest'],
      application: null,
      limits: {},
    };
    this.grants.set(id, { ...grant, expiresAt, changedAt: '1' });
    return { key, id };
  }

  revoke(id: string): void {
    this.grants.delete(id);
    this.changes.set(id, '2');
  }

  /** From now on whoever asks for a grant waits. */
  holdAnswers(): void {
    const held = Promise.withResolvers<void>();
    this.answering = held.promise;
    this.giveAnswers = held.resolve;
  }

  async findGrant(id: string): Promise<KeyGrant | undefined> {
    this.lookups += 1;
    if (this.away) throw new Error('away');
    await this.answering;
    return this.grants.get(id);
  }

  changedWithin(): Promise<{ id: string; changedAt: string }[]> {
    if (this.away) return Promise.reject(new Error('away'));
    return Promise.resolve([...this.changes].map(([id, changedAt]) => ({ id, changedAt })));
  }
}

/** A key of this text with the checksum that belongs to it. */
function forgeApiKey(text: string): string {
  const body = text.slice(0, text.lastIndexOf('_'));
  return `${body}_${toBase62(crc32(body), 6)}`;
}

describe('verifying a key', () => {
  let keys: FakeKeys;
  let verifier: KeyVerifier;
  const stateOf = async (key: string) => (await verifier.verify(key)).state;

  beforeEach(async () => {
    jest.useFakeTimers();
    keys = new FakeKeys();
    verifier = new KeyVerifier(keys, createLogger('test', 'fatal'));
    verifier.start();
    await jest.advanceTimersByTimeAsync(1);
  });

  afterEach(() => {
    verifier.stop();
    jest.useRealTimers();
  });

  it('says whose key it is, and asks PostgreSQL once', async () => {
    const { key, id } = keys.mint();
    const principal = {
      project: 'p1',
      keyId: id,
      scopes: ['ingest'],
      expiresAt: null,
      application: null,
      limits: {},
    };
    expect(await verifier.verify(key)).toEqual({ state: 'known', principal });
    expect(await verifier.verify(key)).toEqual({ state: 'known', principal });
    expect(keys.lookups).toBe(1);
  });

  it('ends a key at its time, also while it is remembered', async () => {
    const { key } = keys.mint(new Date(Date.now() + 10_000));
    expect(await stateOf(key)).toBe('known');
    await jest.advanceTimersByTimeAsync(9_998);
    expect(await stateOf(key)).toBe('known');
    await jest.advanceTimersByTimeAsync(2);
    expect(await stateOf(key)).toBe('unknown');
    expect(keys.lookups).toBe(1);
    expect(await stateOf(keys.mint(new Date(Date.now())).key)).toBe('unknown');
  });

  it('tells of the keys that it let in, and of no others', async () => {
    const used: string[] = [];
    const telling = new KeyVerifier(keys, createLogger('test', 'fatal'), (id) => used.push(id));
    const [known, ended] = [keys.mint(), keys.mint(new Date(0))];
    for (const { key } of [known, known, ended]) await telling.verify(key);
    await telling.verify(mintApiKey().key);
    expect(used).toEqual([known.id, known.id]);
  });

  it('asks PostgreSQL once for all who come with the same key at once', async () => {
    const { key } = keys.mint();
    const answers = await Promise.all(Array.from({ length: 200 }, () => stateOf(key)));
    expect(new Set(answers)).toEqual(new Set(['known']));
    expect(keys.lookups).toBe(1);
  });

  it('asks nobody about what cannot be a key', async () => {
    const { key } = keys.mint();
    expect(await stateOf(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).toBe('unknown');
    expect(await stateOf('sk-something')).toBe('unknown');
    expect(keys.lookups).toBe(0);
  });

  it('lets a key work from the moment it exists, also when it was unknown just before', async () => {
    const { key, id } = keys.mint();
    const grant = keys.grants.get(id)!;
    keys.grants.delete(id);
    expect(await stateOf(key)).toBe('unknown');
    keys.grants.set(id, grant);
    expect(await stateOf(key)).toBe('known');
  });

  /** A well-formed key with the id of this one and a secret of its own. */
  const withOtherSecret = (key: string) => {
    const prefix = 'rk_'.length + 12;
    return forgeApiKey(key.slice(0, prefix) + mintApiKey().key.slice(prefix));
  };

  it('refuses another secret under a known id, remembered or not, and lets the right one on', async () => {
    const { key, id } = keys.mint();
    const forged = withOtherSecret(key);
    expect(parseApiKey(forged)?.id).toBe(id);
    expect(await stateOf(forged)).toBe('unknown');
    expect(await stateOf(key)).toBe('known');
    expect(await stateOf(forged)).toBe('unknown');
    expect(await stateOf(key)).toBe('known');
    expect(keys.lookups).toBe(2);
  });

  it('refuses a remembered key whose checksum is mistyped', async () => {
    const { key } = keys.mint();
    expect(await stateOf(key)).toBe('known');
    const typo = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    expect(await stateOf(typo)).toBe('unknown');
  });

  it('stops a revoked key that it remembers within 2 s, and another one not', async () => {
    const { key, id } = keys.mint();
    const kept = keys.mint();
    expect(await stateOf(key)).toBe('known');
    expect(await stateOf(kept.key)).toBe('known');
    expect(await stateOf(key)).toBe('known');
    expect(keys.lookups).toBe(2);
    keys.revoke(id);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await stateOf(key)).toBe('unknown');
    expect(await stateOf(kept.key)).toBe('known');
    // The kept one is still remembered; the revoked one was asked for again.
    expect(keys.lookups).toBe(3);
  });

  it('remembers 10,000 keys and forgets the one that was read longest ago', async () => {
    const minted = Array.from({ length: 10_001 }, () => keys.mint());
    for (const { key } of minted.slice(0, 10_000)) await verifier.verify(key);
    expect(await stateOf(minted[0]!.key)).toBe('known');
    expect(keys.lookups).toBe(10_000);
    await verifier.verify(minted[10_000]!.key);
    expect(keys.lookups).toBe(10_001);
    expect(await stateOf(minted[1]!.key)).toBe('known');
    expect(keys.lookups).toBe(10_001);
    expect(await stateOf(minted[0]!.key)).toBe('known');
    expect(keys.lookups).toBe(10_002);
  });

  it('asks about 64 unknown keys at once, and lets no more wait', async () => {
    keys.holdAnswers();
    const asked = Array.from({ length: 65 }, () => stateOf(keys.mint().key));
    expect(await asked[64]).toBe('unavailable');
    expect(keys.lookups).toBe(64);
    keys.giveAnswers();
    expect(new Set(await Promise.all(asked.slice(0, 64)))).toEqual(new Set(['known']));
  });

  it('lets remembered keys work for 60 s without PostgreSQL, and no others', async () => {
    const { key } = keys.mint();
    const unseen = keys.mint();
    expect(await stateOf(key)).toBe('known');
    keys.away = true;
    await jest.advanceTimersByTimeAsync(58_000);
    expect(await stateOf(key)).toBe('known');
    expect(await stateOf(unseen.key)).toBe('unavailable');
    expect(verifier.unreadyReason()).toBe('PostgreSQL does not answer');
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await stateOf(key)).toBe('unavailable');
  });

  it('does not trust what it remembers after a silence longer than the changes it asks for', async () => {
    const { key, id } = keys.mint();
    expect(await stateOf(key)).toBe('known');
    keys.away = true;
    keys.grants.delete(id);
    await jest.advanceTimersByTimeAsync(300_000);
    keys.away = false;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await stateOf(key)).toBe('unknown');
  });
});
