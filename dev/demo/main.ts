import type { UsageEvent } from '#contracts';
import { ConfigError, loadConfig } from '#platform';
import { demoUsageUrl, readCountedUsage } from './counted-demo-usage.js';
import { demoPeriod } from './demo-period.js';
import { DemoRefused, DemoSender } from './demo-sender.js';
import { DemoConfig } from './demo.config.js';
import { generateDemoDay } from './generate-demo-day.js';
import { ProgressBar } from './progress-bar.js';

const BATCH_EVENTS = 1_000;

/** `npm run demo`: a month of made-up usage, sent as any client would send it. */
async function sendDemo({ ingestUrl, consoleUrl, apiKey }: DemoConfig): Promise<void> {
  const { days, beforeMs } = demoPeriod(Date.now());
  const [firstDay = ''] = days;
  const events = days
    .flatMap(generateDemoDay)
    .filter(({ time }) => Date.parse(time ?? '') < beforeMs);
  const sender = new DemoSender(ingestUrl, apiKey);
  const bar = new ProgressBar('demo usage', events.length);
  const startedMs = performance.now();
  for (let sent = 0; sent < events.length;) {
    const batch = events.slice(sent, sent + BATCH_EVENTS);
    await sender.send(batch);
    sent += batch.length;
    bar.show(sent);
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const acknowledgedMs = Date.now();
  const counted = await readCountedUsage(
    demoUsageUrl(consoleUrl, firstDay),
    apiKey,
    acknowledgedMs,
  );
  const sums =
    counted === null
      ? 'They are recorded and will be counted when the platform has caught up.'
      : `The platform counts ${counted.events} demo events since ${firstDay}: ${counted.cost} US dollars, ` +
        `${counted.unpriced_events} of them without a known price.`;
  process.stdout.write(`
Sent ${events.length} events of ${countCustomers(events)} customers from ${firstDay} on, in ${seconds} s.
${sums}
All carry source, tag and property "demo". Sent again, they are repeats and count once.

Look at it by customer:

curl -sS '${consoleUrl}/v1/usage?from=${firstDay}&group_by=customer' -H 'Authorization: Bearer ${apiKey}'
`);
}

function countCustomers(events: readonly UsageEvent[]): number {
  return new Set(events.map(({ customer }) => customer).filter(Boolean)).size;
}

try {
  await sendDemo(loadConfig(DemoConfig));
} catch (error) {
  const isPlain = error instanceof DemoRefused || error instanceof ConfigError;
  const text = error instanceof Error && !isPlain ? error.stack : (error as Error).message;
  process.stderr.write(`\nThe demo could not be sent. ${text}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
