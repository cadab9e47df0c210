import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

export type AnswerWith = (response: ServerResponse, nth: number) => void;

export const ok: AnswerWith = (response) => void response.writeHead(204).end();
export const status =
  (code: number, headers: Record<string, string> = {}): AnswerWith =>
  (response) =>
    void response.writeHead(code, headers).end(`status ${code}`);

/** A customer's system: takes notes of what it receives and answers as it is told. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** Connections, those that a request never came over included. */
  connections = 0;
  answerWith: AnswerWith = ok;

  private constructor(private readonly server: Server) {}

  static async open(answerWith: AnswerWith = ok): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    receiver.answerWith = answerWith;
    server.on('connection', () => (receiver.connections += 1));
    server.on('request', (request, response) => void receiver.take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(host = '127.0.0.1'): string {
    return `http://${host}:${this.port}/hook`;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    this.received.push({ headers: request.headers, body, atMs: performance.now() });
    this.answerWith(response, this.received.length);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
