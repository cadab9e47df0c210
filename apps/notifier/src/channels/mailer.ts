import { createTransport, type Transporter } from 'nodemailer';
import { DeadlinePassed, type Logger, withDeadline } from '#platform';
import type { Email } from '../steps/write-messages.js';
import { type Answer, noAnswer } from './answer.js';

export interface MailerOptions {
  /** `smtp://user:password@host:port`; without one every attempt fails and says so. */
  smtpUrl: string | undefined;
  from: string;
  timeoutMs: number;
  logger: Logger;
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
      await withDeadline(
        () => transport.sendMail(mail),
        timeoutMs,
        'the SMTP server did not answer',
      );
      return { succeeded: true, status: null, text: 'handed in', retryAfter: null };
    } catch (err) {
      this.options.logger.warn({ err, id }, 'an e-mail was not handed in');
      return noAnswer(reasonOf(err));
    }
  }
}

/** The server is the platform's own: what it says may name its machines and accounts, so a project sees the kind alone. */
function reasonOf(error: unknown): string {
  if (error instanceof DeadlinePassed) return error.message;
  const { responseCode } = error as { responseCode?: unknown };
  return typeof responseCode === 'number'
    ? `the SMTP server refused the message (${responseCode})`
    : 'the SMTP server could not be reached';
}
