import {
  type ApplicationStamp,
  contentHashOf,
  type Cost,
  DEFAULT_SOURCE,
  DEFAULT_TYPE,
  identityOf,
  type PricedUsage,
  type RecordedBatch,
  type UsageEvent,
} from '#contracts';
import { type RatingRequest } from '#rating';

/** A checked event with its cost at the time of the call, and all that was known about it at the door. */
export function priceEvent(
  event: UsageEvent,
  batch: RecordedBatch,
  rateUsage: (request: RatingRequest) => Cost,
): PricedUsage {
  const { project, key, received_at, application } = batch;
  const source = event.source ?? DEFAULT_SOURCE;
  const eventTime = new Date(event.time ?? received_at);
  const provider = event.provider ?? application?.provider ?? null;
  const model = event.model ?? application?.model ?? null;
  const serviceTier = event.service_tier ?? null;
  const cost = rateUsage({
    provider,
    model,
    usage: event.usage,
    eventTimeMs: eventTime.getTime(),
    serviceTier,
    batch: event.batch ?? null,
    region: event.region ?? null,
  });
  return {
    outcome: 'usage',
    identity: identityOf({ project, source, id: event.id }),
    content: contentHashOf(application ? stamped(event, application) : event),
    project,
    source,
    id: event.id,
    type: event.type ?? DEFAULT_TYPE,
    key,
    event_time: eventTime.toISOString(),
    received_at: new Date(received_at).toISOString(),
    customer: event.customer ?? null,
    user: event.user ?? null,
    application: event.application ?? application?.id ?? null,
    conversation: event.conversation ?? null,
    job: event.job ?? null,
    purpose: event.purpose ?? null,
    provider,
    model,
    service_tier: serviceTier,
    batch: event.batch ?? null,
    region: event.region ?? null,
    status: event.status ?? null,
    latency_ms: event.latency_ms ?? null,
    provider_response_id: event.provider_response_id ?? null,
    provider_cost: event.provider_cost ?? null,
    tags: event.tags ?? [],
    properties: event.properties ?? {},
    usage: event.usage ?? {},
    cost,
  };
}

/**
 * The event with what its application's token says for it. A repeat under another application, provider or model is other
 * content, whether the event named them or its token did.
 */
function stamped(event: UsageEvent, application: ApplicationStamp): UsageEvent {
  return {
    ...event,
    application: event.application ?? application.id,
    provider: event.provider ?? application.provider ?? undefined,
    model: event.model ?? application.model,
  };
}
