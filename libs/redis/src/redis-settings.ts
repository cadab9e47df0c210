import { IsUrl } from 'class-validator';

/** Where Redis is: `REDIS_URL` of a process that keeps this as `redis`. */
export class RedisSettings {
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['redis', 'rediss'] })
  url!: string;
}
