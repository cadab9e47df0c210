import { alertIdOf } from '#contracts';
import type { NewAlert, WebhookEndpoint } from '#postgres';
import type { DisableReason } from './judge-failure.js';

/** The notice to a project's other endpoints. The path of a Slack URL is its secret and is left out. */
export function writeEndpointDisabled(
  { id, project, channel, url, failing_since }: WebhookEndpoint,
  { at, reason }: { at: Date; reason: DisableReason },
): NewAlert {
  const type = 'endpoint.disabled';
  const disabledAt = at.toISOString();
  return {
    id: alertIdOf({
      type,
      project,
      watch: id,
      counterKey: '',
      windowStart: disabledAt,
      threshold: reason,
      arming: 0,
    }),
    project,
    type,
    raised_at: disabledAt,
    raised_by: null,
    data: {
      endpoint: id,
      url: channel === 'slack' ? new URL(url).origin : url,
      reason,
      failing_since: failing_since?.toISOString() ?? null,
      disabled_at: disabledAt,
    },
  };
}
