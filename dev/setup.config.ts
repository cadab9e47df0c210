import { IsArray, IsOptional, IsString, IsUrl } from 'class-validator';

/** Where the stores are that `setup.ts` prepares. */
export class SetupConfig {
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
}
