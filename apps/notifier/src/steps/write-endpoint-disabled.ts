import { alertIdOf } from '#contracts';
import type { NewAlert, WebhookEndpoint } from '#postgres';
import type { DisableReason } from './judge-failure.js';

/**
 * The notice to a project's other endpoints. They are other systems, which may not know what the URL of this one holds:
 * its path and query often are its secret, so the host alone is told. The id says which endpoint it is.
 */
export function writeEndpointDisabled(
  { id, project, url, failing_since }: WebhookEndpoint,
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
      url: hostOf(url),
      reason,
      failing_since: failing_since?.toISOString() ?? null,
      disabled_at: disabledAt,
    },
  };
}

function hostOf(url: string): string {
  const { protocol, origin, pathname } = new URL(url);
  return protocol === 'mailto:' ? `mailto:${pathname.slice(pathname.lastIndexOf('@'))}` : origin;
}
