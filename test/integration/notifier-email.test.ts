import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
