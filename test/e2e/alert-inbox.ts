import { Webhook } from 'standardwebhooks';
import { WebhookReceiver } from '../contract/webhook-receiver.js';
import type { ApiClient } from './api-client.js';

/** The body of a webhook whose signature was right. */
export interface AlertEvent {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** A customer's system that is registered for every event: verifies what it receives and keeps it in order. */
export class AlertInbox {
  private constructor(
    private readonly receiver: WebhookReceiver,
    private readonly webhook: Webhook,
  ) {}

  static async open(client: ApiClient): Promise<AlertInbox> {
    const receiver = await WebhookReceiver.open();
    const answer = await client.ask<{ secret: string }>('POST', '/v1/webhook-endpoints', {
      body: { url: receiver.url(), events: ['*'] },
    });
    if (answer.status !== 201) throw new Error(`no endpoint: ${answer.status} ${answer.text}`);
    return new AlertInbox(receiver, new Webhook(answer.body.secret));
  }

  /** All that came, repeats included. Throws when a signature or a `webhook-id` is wrong. */
  get events(): AlertEvent[] {
    return this.receiver.received.map(({ headers, body }) => {
      const event = this.webhook.verify(body, headers as Record<string, string>) as AlertEvent;
      if (event.id !== headers['webhook-id']) throw new Error(`${event.id} came as another id`);
      return event;
    });
  }

  of(budget: string): AlertEvent[] {
    return this.events.filter(({ data }) => data['budget'] === budget);
  }

  close(): Promise<void> {
    return this.receiver.close();
  }
}
