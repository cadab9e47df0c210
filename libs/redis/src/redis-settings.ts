import { Matches } from 'class-validator';

/** Where Redis is: `REDIS_URL` of a process that keeps this as `redis`. */
export class RedisSettings {
  /** Of a cluster, the URLs of some of its nodes, separated by commas. */
  @Matches(/^rediss?:\/\/[^\s,]+(,rediss?:\/\/[^\s,]+)*$/, {
    message:
      'url must be redis://host:port or rediss://host:port; of a cluster, several of them separated by commas',
  })
  url!: string;
}
