import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every webhook at once and keeps when the first of each customer came, in milliseconds since the epoch. */
export class WebhookReceiver {
  readonly receivedAt = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const now = performance.timeOrigin + performance.now();
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as {
          data: { customer: string };
        };
        if (!receiver.receivedAt.has(data.customer)) receiver.receivedAt.set(data.customer, now);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
