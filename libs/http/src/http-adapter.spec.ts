import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BodyRoom } from './body-room.js';
import { HttpAdapter } from './http-adapter.js';
import { closeIfUnread, readBody } from './read-body.js';

const MIB = 1024 * 1024;
const CONNECTIONS_MAX = 40;
const room = new BodyRoom(100 * MIB);
const adapter = new HttpAdapter({
  requestTimeoutMs: 1_000,
  connectionsMax: CONNECTIONS_MAX,
  accepts: /^application\/json$/,
});
let port: number;
let url: string;

beforeAll(async () => {
  adapter.registerParserMiddleware();
  const fastify = adapter.getInstance();
  fastify.post('/kept', async (request, reply) => {
    const body = await readBody(request, reply, { bytesMax: MIB, held: room.open('p1') });
    closeIfUnread(request, reply);
    return { bytes: Buffer.isBuffer(body) ? body.length : (body ?? null) };
  });
  fastify.post('/refused', (request, reply) => {
    closeIfUnread(request, reply);
    void reply.code(401).send({ error: 'who are you' });
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = fastify.server.address() as AddressInfo);
  url = `http://127.0.0.1:${port}`;
});

afterAll(() => adapter.getInstance().close());

const head = (path: string, ...lines: string[]) =>
  [`POST ${path} HTTP/1.1`, 'host: here', 'content-type: application/json', ...lines, '', ''].join(
    '\r\n',
  );

/** Sends the words and waits for the first of an answer; empty when the connection ends without one. */
async function say(words: string): Promise<{ socket: Socket; answer: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(words);
  const answer = await Promise.race([
    once(socket, 'data').then(([first]) => String(first)),
    once(socket, 'close').then(() => ''),
  ]);
  return { socket, answer };
}

describe('every answer', () => {
  const answers: [string, () => Promise<string>][] = [
    ['of a route', async () => (await say(head('/refused', 'content-length: 0'))).answer],
    ['of no route', async () => (await say('GET /nowhere HTTP/1.1\r\nhost: here\r\n\r\n')).answer],
    ['to a broken URL', async () => (await say('GET /%zz HTTP/1.1\r\nhost: here\r\n\r\n')).answer],
    ['to what is no HTTP', async () => (await say('hello\r\n\r\n')).answer],
    ['to what is too slow', async () => (await say(head('/kept', 'content-length: 9'))).answer],
  ];

  it.each(answers)('%s carries a request id of ours', async (_, ask) => {
    expect(await ask()).toMatch(/^x-request-id: req_[0-9a-z]{18,}\r$/m);
  });

  it('carries the id that its caller gave, if it is well-formed', async () => {
    const idOf = async (given: string) => {
      const headers = { 'x-request-id': given, 'content-type': 'application/json' };
      const answer = await fetch(`${url}/kept`, { method: 'POST', headers, body: '{}' });
      await answer.text();
      return answer.headers.get('x-request-id');
    };
    expect(await idOf('checkout:7f3a-1.2_x')).toBe('checkout:7f3a-1.2_x');
    for (const bad of ['a"b', 'a b', '-a', 'ä', 'x'.repeat(129)])
      expect(await idOf(bad)).toMatch(/^req_/);
  });

  it('is neither guessed at nor kept by whoever passes it on', async () => {
    const { headers } = await fetch(`${url}/nowhere`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a body', () => {
  it.each([0, 1, 70_000, MIB])('of %d bytes is read when it is asked for', async (bytes) => {
    const headers = { 'content-type': 'application/json' };
    const body = 'x'.repeat(bytes);
    const answer = await fetch(`${url}/kept`, { method: 'POST', headers, body });
    expect(await answer.json()).toEqual({ bytes });
  });

  it('that is too large is not read to its end, whether its length is told or not', async () => {
    const told = await say(head('/kept', `content-length: ${MIB + 1}`));
    expect(told.answer).toContain('"bytes":"too_large"');
    expect(told.answer).toMatch(/^connection: close\r$/m);
    const chunk = `80000\r\n${'x'.repeat(0x80000)}\r\n`;
    const untold = await say(head('/kept', 'transfer-encoding: chunked') + chunk.repeat(3));
    expect(untold.answer).toContain('"bytes":"too_large"');
    expect(untold.answer).toMatch(/^connection: close\r$/m);
    for (const { socket } of [told, untold]) socket.destroy();
  });

  it('is not waited for when its request is refused', async () => {
    const { socket, answer } = await say(head('/refused', 'content-length: 1000'));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    // The rest of it is no request: the next one is answered.
    socket.write('x'.repeat(1_000) + head('/kept', 'content-length: 0'));
    const [next] = (await once(socket, 'data')) as [Buffer];
    expect(next.toString()).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it('of a refused request ends the connection where it is long, and hangs no caller', async () => {
    const { answer, socket } = await say(head('/refused', `content-length: ${MIB}`));
    expect(answer).toMatch(/^connection: close\r$/m);
    socket.destroy();
    const headers = { 'content-type': 'application/json' };
    const body = 'x'.repeat(MIB);
    const refused = await fetch(`${url}/refused`, { method: 'POST', headers, body });
    expect(refused.status).toBe(401);
  });

  it('is called for with 100 once its request is let in, and not before', async () => {
    const expecting = 'expect: 100-continue';
    const { socket, answer } = await say(head('/kept', 'content-length: 2', expecting));
    expect(answer).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('{}');
    const [kept] = (await once(socket, 'data')) as [Buffer];
    expect(kept.toString()).toContain('"bytes":2');
    socket.destroy();
    const refused = await say(head('/refused', 'content-length: 2', expecting));
    expect(refused.answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(refused.answer).toMatch(/^connection: close\r$/m);
    refused.socket.destroy();
  });
});

describe('connections', () => {
  it('beyond the most that may be open are closed unheard, and taken again later', async () => {
    const ask = () => say(head('/kept', 'content-length: 0'));
    const all: { socket: Socket; answer: string }[] = [];
    for (let n = 0; n <= CONNECTIONS_MAX; n += 1) all.push(await ask());
    expect(all.at(-1)?.answer).toBe('');
    for (const { socket } of all) socket.destroy();
    let later = await ask();
    while (later.answer === '') later = await ask();
    expect(later.answer).toMatch(/^HTTP\/1\.1 200 /);
    later.socket.destroy();
  });
});
