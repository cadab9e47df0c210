import { IsOptional, IsString, IsUrl } from 'class-validator';

/** Where the server is, and as whom it is asked: `CLICKHOUSE_...` of a process that keeps this as `clickhouse`. */
export class ClickHouseSettings {
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  url = 'http://127.0.0.1:4123';

  @IsString()
  database = 'reckoner';

  /** Absent: the server's `default` user. */
  @IsOptional()
  @IsString()
  user?: string;

  @IsOptional()
  @IsString()
  password?: string;
}
