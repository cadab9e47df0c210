import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';

/**
 * The bare door that ours is measured against: node:http, JSON.parse and a compiled schema; nothing is made durable.
 * Prints its address as soon as it listens. `/metrics` tells its CPU time as Prometheus would.
 */
const text = { type: 'string', maxLength: 256 };
const count = { type: 'integer', minimum: 0 };
const event = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: {
    id: text,
    time: text,
    customer: text,
    user: text,
    provider: text,
    model: text,
    purpose: text,
    latency_ms: { type: 'number', minimum: 0 },
    usage: {
      type: 'object',
      additionalProperties: false,
      properties: { input_tokens: count, cache_read_tokens: count, output_tokens: count },
    },
  },
};
const isValid = new Ajv().compile({
  anyOf: [
    event,
    {
      type: 'object',
      required: ['events'],
      additionalProperties: false,
      properties: { events: { type: 'array', items: event } },
    },
  ],
});

const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    const { user, system } = process.cpuUsage();
    response.end(
      `process_cpu_user_seconds_total ${user / 1e6}\nprocess_cpu_system_seconds_total ${system / 1e6}\n`,
    );
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const answer = JSON.stringify({ valid: isValid(body) });
    response.writeHead(isValid.errors ? 400 : 202, {
      'content-type': 'application/json',
      'content-length': answer.length,
    });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
