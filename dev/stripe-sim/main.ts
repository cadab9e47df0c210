import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createSimulator } from './server.js';
import { Store } from './store.js';

const { values } = parseArgs({
  options: { data: { type: 'string' }, port: { type: 'string', default: '0' } },
});
if (values.data === undefined || !/^\d{1,5}$/.test(values.port)) {
  process.stderr.write('usage: main.js --data <directory> [--port <n>]\n');
  process.exit(2);
}

const store = Store.open(values.data);
const server = createSimulator(store);

server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(
    `${JSON.stringify({ listening: true, port, url: `http://127.0.0.1:${port}` })}\n`,
  );
});

/** Every answer is durable before it is sent, so there is nothing to save on the way out. */
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close(() => store.close());
    server.closeAllConnections();
  });
}
