import { runService } from '#service';
import { doorAdapter } from './door-adapter.js';
import { IngestApiConfig } from './ingest-api.config.js';
import { IngestApiModule } from './ingest-api.module.js';
import { serveOpenApi } from './openapi.js';

await runService({
  name: 'ingest-api',
  config: IngestApiConfig,
  module: IngestApiModule,
  adapter: doorAdapter,
  prepare: serveOpenApi,
});
