import { IsString, IsUrl } from 'class-validator';

const HTTP = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** The platform that the demo usage is sent to; `npm run demo` fills these in from the running one. */
export class DemoConfig {
  @IsUrl(HTTP)
  ingestUrl!: string;

  @IsUrl(HTTP)
  consoleUrl!: string;

  /** A key with the scopes `ingest` and `read`. */
  @IsString()
  apiKey!: string;
}
