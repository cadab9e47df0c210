import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { WebhookReceiver } from '../integration/webhook-receiver.js';
import type { ApiClient } from './api-client.js';

/** The body of a webhook whose signature was right. */
export interface AlertEvent {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** A customer's system that is registered for every event: verifies what it receives as it comes. */
export class AlertInbox {
  /** All that came, repeats included, in order. */
  readonly events: AlertEvent[] = [];

  private constructor(private readonly receiver: WebhookReceiver) {}

  /** What is not signed rightly, or under another id than its own, is refused and never shows. */
  static async open(client: ApiClient): Promise<AlertInbox> {
    const receiver = await WebhookReceiver.open();
    const answer = await client.ask<{ secret: string }>('POST', '/v1/webhook-endpoints', {
      body: { url: receiver.url(), events: ['*'] },
    });
    if (answer.status !== 201) throw new Error(`no endpoint: ${answer.status} ${answer.text}`);
    const inbox = new AlertInbox(receiver);
    const webhook = new Webhook(answer.body.secret);
    receiver.answerWith = (response) => {
      const { headers, body } = receiver.received.at(-1)!;
      const isTaken = inbox.take(
        () => webhook.verify(body, headers as Record<string, string>),
        headers,
      );
      response.writeHead(isTaken ? 204 : 400).end();
    };
    return inbox;
  }

  /** @param watch id of a budget or a rate */
  of(watch: string): AlertEvent[] {
    return this.events.filter(({ data }) => [data['budget'], data['rate']].includes(watch));
  }

  close(): Promise<void> {
    return this.receiver.close();
  }

  private take(verify: () => unknown, headers: IncomingHttpHeaders): boolean {
    try {
      const event = verify() as AlertEvent;
      if (event.id === headers['webhook-id']) this.events.push(event);
      return event.id === headers['webhook-id'];
    } catch {
      return false;
    }
  }
}
