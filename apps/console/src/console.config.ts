import { IsArray, IsOptional, IsString, IsUrl, MinLength } from 'class-validator';
import { ServiceConfig } from '#platform';

export class ConsoleConfig extends ServiceConfig {
  /** `host:port`, comma-separated. */
  @IsArray()
  @IsString({ each: true })
  kafkaBrokers: string[] = ['127.0.0.1:4092'];

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  clickhouseUrl = 'http://127.0.0.1:4123';

  @IsString()
  clickhouseDatabase = 'reckoner';

  @IsOptional()
  @IsString()
  clickhouseUser?: string;

  @IsOptional()
  @IsString()
  clickhousePassword?: string;

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['postgres', 'postgresql'] })
  databaseUrl!: string;

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['redis', 'rediss'] })
  redisUrl!: string;

  /** Makes projects and their first keys. */
  @IsString()
  @MinLength(20)
  adminKey!: string;
}
