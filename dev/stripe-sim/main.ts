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
const simulator = createSimulator(store);
try {
  await simulator.listen({ port: Number(values.port), host: '127.0.0.1' });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
const { port } = simulator.server.address() as AddressInfo;
process.stdout.write(
  `${JSON.stringify({ listening: true, port, url: `http://127.0.0.1:${port}` })}\n`,
);

/** Every answer is durable before it is sent, so there is nothing to save on the way out. */
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void simulator.close().then(() => store.close()));
}
