import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mintApiKey } from '#access';
import { ApiKeyWrites, ProjectWrites } from '#postgres/writes';
import { eventually } from '#testing';
import { DoorHarness } from './door-harness.js';

const MIB = 1024 * 1024;

let door: DoorHarness;
let key: string;
let otherKey: string;

beforeAll(async () => {
  door = await DoorHarness.open({ HELD_BODIES_BYTES_MAX: String(16 * MIB) });
  ({ key } = await door.mintKey());
  otherKey = await keyOfAnotherProject();
});
afterAll(() => door.close());

async function keyOfAnotherProject(): Promise<string> {
  const project = `other-${randomUUID().slice(0, 8)}`;
  await new ProjectWrites(door.postgres).create({ id: project, name: 'Other' });
  const { id, key: minted, secretHash } = mintApiKey();
  const stored = { id, project, name: 'Other', scopes: ['ingest' as const] };
  await new ApiKeyWrites(door.postgres).create({
    ...stored,
    secret_hash: secretHash,
    application: null,
  });
  return minted;
}

/** A request whose body of 1 MiB has all but its last byte. */
function beginBody(): Socket {
  const { host, hostname, port } = new URL(door.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const head = ['POST /v1/events HTTP/1.1', `host: ${host}`, `authorization: Bearer ${key}`];
  head.push('content-type: application/json', `content-length: ${MIB}`, '', '');
  socket.write(head.join('\r\n') + ' '.repeat(MIB - 1));
  return socket;
}

const longEvent = (id: string) =>
  `{"id":"${id}","model":"gpt-4o","usage":{"input_tokens":1}}${' '.repeat(MIB - 100)}`;

describe('bodies of one project that never end', () => {
  it('take no more than half of the room, and none from another project', async () => {
    const answers: string[] = [];
    const slow = Array.from({ length: 11 }, beginBody);
    for (const socket of slow) socket.once('data', (answer) => answers.push(answer.toString()));
    // Eight of them are 8 MiB, which is their project's half.
    await eventually(() => Promise.resolve(answers.length >= 3 ? true : null), 8_000);
    expect((await door.post(otherKey, longEvent('theirs'))).status).toBe(202);
    expect(answers).toHaveLength(3);
    for (const refused of answers) {
      expect(refused).toMatch(/^HTTP\/1\.1 503 /);
      expect(refused).toMatch(/^connection: close\r$/m);
      expect(refused).toContain('"code":"overloaded"');
    }

    for (const socket of slow) socket.destroy();
    const again = await eventually(async () => {
      const answer = await door.post(key, longEvent('mine'));
      return answer.status === 503 ? null : answer;
    }, 10_000);
    expect(again.status).toBe(202);
  });
});
