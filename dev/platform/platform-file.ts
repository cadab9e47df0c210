import type { SupervisedProcess } from '../supervision/supervised-process.js';
import type { AppSurroundings } from './apps.js';
import { writeFileAtomically } from './write-file-atomically.js';

/** The demo project and the keys that open it. */
export interface DemoAccess {
  project: string;
  apiKey: string;
}

/** What `platform.json` says about a running platform. The names are a contract with those who read the file. */
export interface PlatformFile {
  urls: Record<string, string>;
  kafka_brokers: string;
  clickhouse_url: string;
  redis_url: string;
  /** As the owner of the tables. */
  database_url: string;
  /** As the role of each app. */
  database_urls: Record<string, string>;
  /** Null when invoices go to Stripe itself. */
  stripe_url: string | null;
  stripe_key: string;
  project: string;
  api_key: string;
  admin_key: string;
  processes: { name: string; pid: number; log: string }[];
}

interface Published {
  urls: Record<string, string>;
  surroundings: AppSurroundings;
  access: DemoAccess;
  processes: SupervisedProcess[];
}

/** Writes the file whole, readable by its owner only. A process that is down at this moment is left out until it is back. */
export function writePlatformFile(path: string, published: Published): void {
  const { urls, surroundings, access, processes } = published;
  const { engines, stripe, adminKey } = surroundings;
  const content: PlatformFile = {
    urls: { ingest: urls['ingest-api'] ?? '', ...urls },
    kafka_brokers: engines.kafkaBrokers,
    clickhouse_url: engines.clickhouseUrl,
    redis_url: engines.redisUrl,
    database_url: engines.databaseUrl,
    database_urls: engines.databaseUrls,
    stripe_url: stripe.url ?? null,
    stripe_key: stripe.secretKey,
    project: access.project,
    api_key: access.apiKey,
    admin_key: adminKey,
    processes: processes.flatMap(({ name, pid, spec }) =>
      pid === undefined ? [] : [{ name, pid, log: spec.logFile }],
    ),
  };
  writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`);
}
