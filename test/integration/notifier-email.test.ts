import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointConfirmationWrites } from '#postgres/writes';
import { eventually } from '#testing';
import { batchOf, NotifierHarness } from './notifier-harness.js';

/** As much of SMTP as one message needs; each line that it hears is noted. */
const heard: string[] = [];
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  let inData = false;
  let rest = '';
  socket.write('220 test\r\n');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString()).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      heard.push(line);
      if (inData && line !== '.') continue;
      if (line === '.') inData = false;
      if (line === 'DATA') inData = true;
      socket.write(line === 'DATA' ? '354 go on\r\n' : '250 queued as 7\r\n');
    }
  });
});

let harness: NotifierHarness;

beforeAll(async () => {
  harness = await NotifierHarness.open();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  await harness.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

describe('an e-mail endpoint', () => {
  it('gets the alert in words, with the same Message-ID on every attempt', async () => {
    const { port } = server.address() as AddressInfo;
    const smtp = { smtpUrl: `smtp://127.0.0.1:${port}`, smtpFrom: 'Reckoner <r@example.com>' };
    const notifier = await harness.start({ ...smtp, attemptTimeoutMs: 5_000 });
    const project = await harness.newProject();
    const url = 'mailto:ops@example.com';
    const { id } = await harness.newEndpoint(project, url, { channel: 'email' });
    const alert = harness.alert(project, { data: { name: 'Acme', value: '100.0125' } });
    await notifier.accept(batchOf([alert]));
    const journey = await harness.journey(id, ({ state }) => state === 'delivered');
    expect(journey.attempts).toMatchObject([{ status: null, answer: 'handed in' }]);
    expect(heard).toEqual(
      expect.arrayContaining([
        'MAIL FROM:<r@example.com>',
        'RCPT TO:<ops@example.com>',
        'Subject: budget.breached: Acme',
        `Message-ID: <${alert.id}@reckoner>`,
        'value: 100.0125',
      ]),
    );
  });

  it('gets its code alone before it is confirmed; what was raised meanwhile is not sent behind it', async () => {
    const own = await NotifierHarness.open();
    const { port } = server.address() as AddressInfo;
    const smtp = { smtpUrl: `smtp://127.0.0.1:${port}`, attemptTimeoutMs: 5_000 };
    const notifier = await own.start(smtp);
    const project = await own.newProject();
    const email = { channel: 'email' as const, confirmed: false };
    const { id } = await own.newEndpoint(project, 'mailto:new@example.com', email);
    const now = new Date();
    const times = { at: now, since: new Date(now.getTime() - 60_000), max: 5 };
    const code = { id: 'confirm_1', project, endpoint: id, code: 'ABCD2345' };
    await notifier.accept(batchOf([own.alert(project)]));
    expect(await new EndpointConfirmationWrites(own.postgres).ask(code, times)).toBe(true);
    const journey = await own.journey(id, ({ state }) => state === 'delivered');
    expect(journey.type).toBe('endpoint.confirmation');
    expect(heard.join('\n')).toContain('ABCD2345');
    await own.confirm(id);
    await notifier.accept(batchOf([own.alert(project)]));
    await eventually(async () => {
      const journeys = await own.journeys(id);
      return journeys.every(({ state }) => state === 'delivered') && journeys.length === 2
        ? true
        : null;
    });
    await own.close();
  });

  it('is told of the kind of trouble, not of what the SMTP server says', async () => {
    const refusing = createServer((socket) => {
      sockets.add(socket);
      socket.end('554 mx7.internal.example: user relay-account is locked\r\n');
    });
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const own = await NotifierHarness.open();
    const { port } = refusing.address() as AddressInfo;
    const notifier = await own.start({
      smtpUrl: `smtp://127.0.0.1:${port}`,
      attemptTimeoutMs: 5_000,
    });
    const project = await own.newProject();
    const { id } = await own.newEndpoint(project, 'mailto:ops@example.com', { channel: 'email' });
    await notifier.accept(batchOf([own.alert(project)]));
    const journey = await own.journey(id, ({ attempts }) => attempts.length === 1);
    expect(journey.attempts[0]?.answer).toMatch(/^the SMTP server (refused|could not be reached)/);
    expect(journey.attempts[0]?.answer).not.toMatch(/internal|relay/);
    await own.close();
    await new Promise((resolve) => refusing.close(resolve));
  });

  it('fails with the reason where the platform has no SMTP server', async () => {
    const own = await NotifierHarness.open();
    const notifier = await own.start();
    const project = await own.newProject();
    const url = 'mailto:ops@example.com';
    const { id } = await own.newEndpoint(project, url, { channel: 'email' });
    await notifier.accept(batchOf([own.alert(project)]));
    const journey = await own.journey(id, ({ attempts }) => attempts.length === 1);
    expect(journey.attempts[0]?.answer).toBe('this platform has no SMTP server');
    await own.close();
  });
});
