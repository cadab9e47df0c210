import { describe, expect, it } from '@jest/globals';
import { checkEndpointUrl } from './check-endpoint-url.js';

describe('the URL of an endpoint', () => {
  it.each([
    ['webhook', 'https://hooks.example.com/a?b=c'],
    ['webhook', 'http://127.0.0.1:9999/hook'],
    ['slack', 'https://hooks.slack.com/services/T/B/x'],
    ['email', 'mailto:ops+alerts@example.com'],
  ] as const)('of %s may be %s', (channel, url) => {
    expect(checkEndpointUrl(url, channel)).toBeNull();
  });

  it.each([
    ['webhook', 'ftp://example.com/', 'must begin with https:// or http://'],
    ['webhook', 'file:///etc/passwd', 'must begin with https:// or http://'],
    ['webhook', 'mailto:a@example.com', 'must begin with https:// or http://'],
    ['webhook', 'https://user@example.com/', 'must not hold a user name or password'],
    ['slack', 'https://u:p@example.com/', 'must not hold a user name or password'],
    ['webhook', 'https://example.com/#a', 'must not have a fragment'],
    ['webhook', 'example.com', 'must be a URL'],
    ['webhook', '', 'must be a URL'],
    ['webhook', `https://example.com/${'a'.repeat(2000)}`, 'must have at most 2000 characters'],
    ['email', 'https://example.com/', 'must be mailto: and one address'],
    ['email', 'mailto:a@example.com,b@example.com', 'must be mailto: and one address'],
    ['email', 'mailto:a@example.com?bcc=b@example.com', 'must be mailto: and one address'],
    ['email', 'mailto:a@example.com%0d%0aBcc:b@example.com', 'must be mailto: and one address'],
  ] as const)('of %s may not be %s', (channel, url, problem) => {
    expect(checkEndpointUrl(url, channel)).toBe(problem);
  });
});
