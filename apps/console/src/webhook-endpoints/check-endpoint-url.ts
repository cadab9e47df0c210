import { isEmail } from 'class-validator';
import type { Channel } from '#postgres';

const URL_LENGTH_MAX = 2_000;

/**
 * What is wrong with a URL for this channel, or null. Where a host leads is judged at each attempt, since names change
 * their minds; only what can never be right is refused here.
 */
export function checkEndpointUrl(text: string, channel: Channel): string | null {
  if (text.length > URL_LENGTH_MAX) return `must have at most ${URL_LENGTH_MAX} characters`;
  if (channel === 'email') {
    const address = /^mailto:([^?,%]+)$/.exec(text)?.[1] ?? '';
    return isEmail(address) ? null : 'must be mailto: and one address';
  }
  if (!URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'must begin with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.hash !== '') return 'must not have a fragment';
  return null;
}
