import { ArrayMinSize, IsArray, Matches } from 'class-validator';

/** The keys that secrets are sealed under: `SEALING_KEYS` of a process that keeps this as `sealing`. */
export class SealingSettings {
  /** `id:key`, comma-separated: the first seals, all open. A key is 32 bytes in hex, and its id is written beside what it sealed. */
  @IsArray()
  @ArrayMinSize(1)
  @Matches(/^[a-z0-9-]{1,32}:[0-9a-f]{64}$/, {
    each: true,
    message: 'each value must be an id of a-z, 0-9 and -, a colon, and 64 hex digits',
  })
  keys!: string[];
}
