import { IsUrl } from 'class-validator';

/** Where PostgreSQL is: `DATABASE_URL` of a process that keeps this as `database`. */
export class DatabaseSettings {
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['postgres', 'postgresql'] })
  url!: string;
}
