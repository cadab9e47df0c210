import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, register } from 'prom-client';
import { refuseOtherSites } from './refuse-other-sites.js';

collectDefaultMetrics();

const TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 64;

/**
 * Serves `/metrics` on a port of its own: what a process says of itself is for those who run it, whoever may reach its API.
 * Returns its address.
 */
export async function serveMetrics(host: string, port: number): Promise<string> {
  const server = createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    const status = statusFor(host, request);
    if (status !== 200) {
      response.writeHead(status).end();
      return;
    }
    register.metrics().then(
      (text) => response.writeHead(200, { 'content-type': register.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  // The process ends with its work, whoever still asks about it.
  server.unref();
  return addressOf(server);
}

function statusFor(host: string, { method, url, headers }: IncomingMessage): 200 | 403 | 404 {
  try {
    refuseOtherSites(host, headers);
  } catch {
    return 403;
  }
  return method === 'GET' && url === '/metrics' ? 200 : 404;
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
