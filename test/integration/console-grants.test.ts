import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyUses, KeyVerifier, mintApiKey } from '#access';
import { createLogger } from '#platform';
import { ApiKeys } from '#postgres';
import { ApiKeyWrites } from '#postgres/writes';
import { ADMIN_KEY, type Answer, ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  mine = await harness.newProject();
});

const post = (url: string, body: unknown, key = mine.key) =>
  harness.call('POST', url, { key, body });
const patch = (url: string, body: unknown, key = mine.key) =>
  harness.call('PATCH', url, { key, body });
const get = (url: string, key = mine.key) => harness.call('GET', url, { key });
const idOf = ({ body }: Answer): string => String(body['id']);
const verdict = ({ status, body }: Answer) => [status, body.error?.code];
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Whether a door would take the key, asked of the database. */
async function opens(key: string): Promise<boolean> {
  const door = new KeyVerifier(new ApiKeys(harness.postgres), createLogger('test', 'fatal'));
  return (await door.verify(key)).state === 'known';
}

describe('a key', () => {
  it('gives none a scope that it lacks, itself included', async () => {
    const manager = await harness.newKey(mine.project, ['manage']);
    const wish = { name: 'k', scopes: ['manage', 'read', 'ingest'] };
    expect(verdict(await post('/v1/keys', wish, manager))).toEqual([403, 'grants_more']);
    const made = await post('/v1/keys', { name: 'k', scopes: ['manage'] }, manager);
    expect(made.status).toBe(201);
    const own = manager.split('_')[1];
    for (const id of [idOf(made), own])
      expect(
        verdict(await patch(`/v1/keys/${id}`, { scopes: ['manage', 'read'] }, manager)),
      ).toEqual([403, 'grants_more']);
    // What the other has already is no gift, and taking away is none either.
    const reader = await post('/v1/keys', { name: 'r', scopes: ['read', 'ingest'] });
    const fewer = await patch(`/v1/keys/${idOf(reader)}`, { scopes: ['read'] }, manager);
    expect(fewer.body['scopes']).toEqual(['read']);
    expect(
      verdict(await patch(`/v1/keys/${idOf(reader)}`, { scopes: ['ingest'] }, manager)),
    ).toEqual([403, 'grants_more']);
    const raised = await patch(`/v1/keys/${idOf(made)}`, { scopes: ['read', 'manage'] });
    expect(raised.body['scopes']).toEqual(['read', 'manage']);
  });

  it('without ingest makes no application and no token', async () => {
    const manager = await harness.newKey(mine.project, ['manage', 'read']);
    const application = { name: 'a', model: 'm' };
    expect(verdict(await post('/v1/applications', application, manager))).toEqual([
      403,
      'grants_more',
    ]);
    const made = await post('/v1/applications', application);
    const rotate = `/v1/applications/${idOf(made)}/rotate-token`;
    expect(verdict(await post(rotate, undefined, manager))).toEqual([403, 'grants_more']);
  });

  it('ends at its time, and makes none that outlives it', async () => {
    const end = inMs(3_600_000);
    const made = await post('/v1/keys', {
      name: 'k',
      scopes: ['manage', 'ingest'],
      expires_at: end,
    });
    expect(made.body['expires_at']).toBe(end);
    const key = String(made.body['key']);
    const child = { name: 'c', scopes: ['ingest'] };
    for (const expires_at of [undefined, null, inMs(3_700_000)])
      expect(verdict(await post('/v1/keys', { ...child, expires_at }, key))).toEqual([
        403,
        'grants_more',
      ]);
    expect((await post('/v1/keys', { ...child, expires_at: end }, key)).status).toBe(201);
    const application = await post('/v1/applications', { name: 'a', model: 'm' }, key);
    const tokenId = String(application.body['token']).split('_')[1];
    expect((await get(`/v1/keys/${tokenId}`)).body['expires_at']).toBe(end);
    for (const expires_at of [inMs(-1), 'soon'])
      expect(verdict(await post('/v1/keys', { ...child, expires_at }))).toEqual([
        400,
        'invalid_request',
      ]);
    const over = mintApiKey();
    await new ApiKeyWrites(harness.postgres).create({
      id: over.id,
      project: mine.project,
      application: null,
      name: 'over',
      scopes: ['read'],
      secret_hash: over.secretHash,
      expires_at: new Date(Date.now() - 1),
    });
    expect((await get('/v1/usage', over.key)).status).toBe(401);
  });

  it('shows when it was used last, written at most once a minute', async () => {
    const made = await post('/v1/keys', { name: 'k', scopes: ['read'] });
    const url = `/v1/keys/${idOf(made)}`;
    expect((await get(url)).body['last_used_at']).toBeNull();
    const writes = new ApiKeyWrites(harness.postgres);
    const uses = new KeyUses((slice) => writes.noteUses(slice), createLogger('test', 'fatal'));
    uses.note(idOf(made));
    await uses.stop();
    const first = String((await get(url)).body['last_used_at']);
    expect(Math.abs(Date.parse(first) - Date.now())).toBeLessThan(60_000);
    const at = (ms: number) => [{ id: idOf(made), at: new Date(Date.parse(first) + ms) }];
    await writes.noteUses(at(59_999));
    expect((await get(url)).body['last_used_at']).toBe(first);
    await writes.noteUses(at(60_000));
    expect((await get(url)).body['last_used_at']).toBe(at(60_000)[0]?.at.toISOString());
  });
});

describe("an application's token", () => {
  it('cannot be given other scopes, by whomever', async () => {
    const made = await post('/v1/applications', { name: 'a', model: 'm' });
    const tokenId = String(made.body['token']).split('_')[1];
    const url = `/v1/keys/${tokenId}`;
    for (const [key, path] of [
      [mine.key, url],
      [ADMIN_KEY, `${url}?project=${mine.project}`],
    ] as const)
      expect(verdict(await patch(path, { scopes: ['ingest', 'manage'] }, key))).toEqual([
        409,
        'application_token',
      ]);
    expect((await get(url)).body['scopes']).toEqual(['ingest']);
    expect((await patch(url, { name: 'renamed' })).body['name']).toBe('renamed');
  });

  it('is rotated: the new one works at once, the old one for 24 h more', async () => {
    const made = await post('/v1/applications', { name: 'a', model: 'm' });
    const old = String(made.body['token']);
    const rotated = await post(`/v1/applications/${idOf(made)}/rotate-token`, undefined);
    expect([rotated.status, idOf(rotated)]).toEqual([201, idOf(made)]);
    const fresh = String(rotated.body['token']);
    expect([await opens(old), await opens(fresh)]).toEqual([true, true]);
    const [oldEnd, freshEnd] = await Promise.all(
      [old, fresh].map(
        async (token) => (await get(`/v1/keys/${token.split('_')[1]}`)).body['expires_at'],
      ),
    );
    expect(freshEnd).toBeNull();
    expect(Math.abs(Date.parse(String(oldEnd)) - Date.now() - 86_400_000)).toBeLessThan(60_000);
    // A second rotation does not give the first token another day.
    await post(`/v1/applications/${idOf(made)}/rotate-token`, undefined);
    expect((await get(`/v1/keys/${old.split('_')[1]}`)).body['expires_at']).toBe(oldEnd);
  });
});
