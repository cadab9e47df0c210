import type { DueDelivery } from '#postgres';
import type { Email } from './write-messages.js';

/** Asks the owner of an address whether alerts may go there. It holds no text of whoever asked: it is no way to send mail to others. */
export function writeConfirmation({ data }: DueDelivery['alert']): Email {
  const text = [
    'Somebody wants alerts of Reckoner, a platform that counts and bills usage, to be sent to this address.',
    '',
    `If that is right, give them this code: ${String(data['code'])}`,
    '',
    'It holds for a day. If you did not expect this, do nothing: no alert is sent here without the code.',
    '',
  ];
  return { subject: 'Confirm that alerts may be sent here', text: text.join('\n') };
}
