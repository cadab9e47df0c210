import { relative } from 'node:path';
import type { Platform } from '../platform/platform.js';

/** What `npm start` prints when everything is ready: where everything is, the keys, and a line to paste. */
export function describeRunningPlatform(platform: Platform, directory: string): string {
  const { engines, stripe, adminKey } = platform.surroundings;
  const { project, apiKey } = platform.demoAccess;
  const ingest = platform.url('ingest-api');
  const console = platform.url('console');
  const event = JSON.stringify({
    // Another id at every start, so that the pasted line counts each time; pasted twice it counts once.
    id: `hello-${Date.now().toString(36)}`,
    customer: 'acme',
    provider: 'openai',
    model: 'gpt-4o',
    usage: { input_tokens: 1000, output_tokens: 500 },
  });
  const stripePlace =
    stripe.url === undefined
      ? 'Stripe itself (STRIPE_SECRET_KEY)'
      : `${stripe.url}  (the simulator: no STRIPE_SECRET_KEY is set)`;
  const folder = relative(process.cwd(), directory) || '.';
  return `
Reckoner is running.

  ingest      ${ingest}  (API page: ${ingest}/docs)
  console     ${console}  (API page: ${console}/docs)
  Kafka       ${engines.kafkaBrokers}
  ClickHouse  ${engines.clickhouseUrl}
  PostgreSQL  ${engines.databaseUrl}
  Redis       ${engines.redisUrl}
  Stripe      ${stripePlace}

  demo key    ${apiKey}  (project ${project})
  admin key   ${adminKey}
  all of it   ${folder}/platform.json      logs: ${folder}/logs/

Send an event, and see its cost:

curl -sS ${ingest}/v1/events -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${event}'

curl -sS '${console}/v1/usage?group_by=customer,model' -H 'Authorization: Bearer ${apiKey}'

Ctrl-C stops everything; the data stays.
`;
}
