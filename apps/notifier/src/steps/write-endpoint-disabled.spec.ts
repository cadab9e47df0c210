import { describe, expect, it } from '@jest/globals';
import { alertIdOf } from '#contracts';
import type { WebhookEndpoint } from '#postgres';
import { writeEndpointDisabled } from './write-endpoint-disabled.js';

const AT = '2026-11-14T09:26:53.120Z';
const endpoint = (over: object) =>
  ({
    id: 'whe_1',
    project: 'p1',
    url: 'https://hooks.example.com:8443/services/secret?token=secret',
    failing_since: new Date('2026-11-09T08:00:00.000Z'),
    ...over,
  }) as WebhookEndpoint;

describe('the notice that an endpoint is disabled', () => {
  it('tells of its URL the host alone', () => {
    const notice = writeEndpointDisabled(endpoint({}), { at: new Date(AT), reason: 'failing' });
    expect(notice).toEqual({
      id: alertIdOf({
        type: 'endpoint.disabled',
        project: 'p1',
        watch: 'whe_1',
        counterKey: '',
        windowStart: AT,
        threshold: 'failing',
        arming: 0,
      }),
      project: 'p1',
      type: 'endpoint.disabled',
      raised_at: AT,
      raised_by: null,
      data: {
        endpoint: 'whe_1',
        url: 'https://hooks.example.com:8443',
        reason: 'failing',
        failing_since: '2026-11-09T08:00:00.000Z',
        disabled_at: AT,
      },
    });
  });

  it('tells of an address its host, and of one that is gone at once no time of failing', () => {
    const gone = { url: 'mailto:secret@example.com', failing_since: null };
    const { data } = writeEndpointDisabled(endpoint(gone), { at: new Date(AT), reason: 'gone' });
    expect(data).toMatchObject({ url: 'mailto:@example.com', reason: 'gone', failing_since: null });
  });
});
