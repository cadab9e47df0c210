import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#platform';
import type { KeyGrant } from '#postgres';
import { mintApiKey } from './api-key.js';
import { KeyVerifier } from './key-verifier.js';

/** PostgreSQL as the verifier sees it: grants that can be added, changed, revoked, and out of reach. */
class FakeKeys {
  readonly grants = new Map<string, KeyGrant>();
  readonly changes = new Map<string, string>();
  lookups = 0;
  away = false;

  mint(expiresAt: Date | null = null): { key: string; id: string } {
    const { id, key, secretHash } = mintApiKey();
    const grant = { id, secretHash, project: 'p1', scopes: ['ingest'], application: null };
    this.grants.set(id, { ...grant, expiresAt, changedAt: '1' });
    return { key, id };
  }

  revoke(id: string): void {
    this.grants.delete(id);
    this.changes.set(id, '2');
  }

  findGrant(id: string): Promise<KeyGrant | undefined> {
    this.lookups += 1;
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve(this.grants.get(id));
  }

  changedWithin(): Promise<{ id: string; changedAt: string }[]> {
    if (this.away) return Promise.reject(new Error('away'));
    return Promise.resolve([...this.changes].map(([id, changedAt]) => ({ id, changedAt })));
  }
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

  it('refuses another secret under a known id', async () => {
    const { key, id } = keys.mint();
    const other = keys.mint();
    keys.grants.set(id, { ...keys.grants.get(other.id)!, id });
    expect(await stateOf(key)).toBe('unknown');
  });

  it('stops a revoked key within 2 s', async () => {
    const { key, id } = keys.mint();
    expect(await stateOf(key)).toBe('known');
    keys.revoke(id);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await stateOf(key)).toBe('unknown');
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
