import { createTransport, type Transporter } from 'nodemailer';
import { withDeadline } from '#platform';
import type { Email } from '../steps/write-messages.js';
import { type Answer, noAnswer, showable } from './answer.js';

export interface MailerOptions {
  /** `smtp://user:password@host:port`; without one every attempt fails and says so. */
  smtpUrl: string | undefined;
  from: string;
  timeoutMs: number;
}

/** Sends e-mail through the platform's own SMTP server. */
export class Mailer {
  private readonly transport: Transporter | null;

  constructor(private readonly options: MailerOptions) {
    const { smtpUrl, timeoutMs } = options;
    const limits = {
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    };
    this.transport = smtpUrl === undefined ? null : createTransport({ url: smtpUrl, ...limits });
  }

  /** @param id the alert's: the same Message-ID on every attempt, so that mailboxes can tell a repeat */
  async send(to: string, id: string, { subject, text }: Email): Promise<Answer> {
    const { transport } = this;
    if (transport === null) return noAnswer('this platform has no SMTP server');
    const { from, timeoutMs } = this.options;
    const messageId = `<${id}@reckoner>`;
    // An address object is never taken for a list of addresses.
    const recipient = { name: '', address: to };
    const mail = { from, to: recipient, subject, text, messageId };
    try {
      const { response } = (await withDeadline(
        () => transport.sendMail(mail),
        timeoutMs,
        'the SMTP server did not answer',
      )) as { response: string };
      return { succeeded: true, status: null, text: showable(response), retryAfter: null };
    } catch (error) {
      return noAnswer(error instanceof Error ? error.message : String(error));
    }
  }
}
