import { runService } from '#platform';
import { IngestApiConfig } from './ingest-api.config.js';
import { IngestApiModule } from './ingest-api.module.js';
import { serveOpenApi } from './openapi.js';
import { RawBodyAdapter } from './raw-body-adapter.js';

await runService({
  name: 'ingest-api',
  config: IngestApiConfig,
  module: IngestApiModule,
  adapter: (config) => new RawBodyAdapter(config),
  prepare: serveOpenApi,
});
