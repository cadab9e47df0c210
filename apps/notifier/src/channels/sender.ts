import { CONFIRMATION_TYPE, type DueDelivery, type SigningSecret } from '#postgres';
import type { Sealer } from '#sealing';
import { describeAlert } from '../steps/describe-alert.js';
import { signWebhook } from '../steps/sign-webhook.js';
import { writeConfirmation } from '../steps/write-confirmation.js';
import { writeEmail, writeSlackMessage, writeWebhookBody } from '../steps/write-messages.js';
import { type Answer, noAnswer } from './answer.js';
import type { Mailer } from './mailer.js';
import { postJson, type PostRules } from './post-json.js';

/** Makes one attempt over the endpoint's channel. Never throws for what the other side does. */
export class Sender {
  constructor(
    private readonly rules: PostRules,
    private readonly mailer: Mailer,
    private readonly sealer: Pick<Sealer, 'open'>,
  ) {}

  /** @param nowMs time of the attempt: it is signed */
  send({ alert, endpoint }: DueDelivery, nowMs: number): Promise<Answer> {
    const { url, channel } = endpoint;
    switch (channel) {
      case 'webhook': {
        const secrets = this.openSecrets(endpoint);
        if (secrets === null)
          return Promise.resolve(noAnswer('its signing secret cannot be opened on this platform'));
        const body = writeWebhookBody(alert);
        const headers = signWebhook({ id: alert.id, atMs: nowMs, body }, secrets);
        return postJson({ url, headers, body }, this.rules);
      }
      case 'slack': {
        const body = writeSlackMessage(describeAlert(alert));
        return postJson({ url, headers: {}, body }, this.rules);
      }
      case 'email': {
        const address = decodeURIComponent(url.slice('mailto:'.length));
        const isCode = alert.type === CONFIRMATION_TYPE;
        const mail = isCode ? writeConfirmation(alert) : writeEmail(describeAlert(alert));
        return this.mailer.send(address, alert.id, mail);
      }
    }
  }

  /** Null when one of them cannot be opened: half a signature would be refused by who knows the other half. */
  private openSecrets({ id, secrets }: DueDelivery['endpoint']): SigningSecret[] | null {
    const opened = secrets.flatMap(({ secret, expires_at }) => {
      const plain = this.sealer.open(secret, id);
      return plain === null ? [] : [{ secret: plain, expires_at }];
    });
    return opened.length === secrets.length ? opened : null;
  }
}
