import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

/** What every process reads. An app's own config extends it with what the app needs. */
export class ServiceConfig {
  @IsString()
  httpHost = '127.0.0.1';

  /** 0 lets the system choose. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  httpPort = 0;

  @IsString()
  metricsHost = '127.0.0.1';

  /** Of `/metrics`, which is on no other. 0 lets the system choose. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  metricsPort = 0;

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
  logLevel = 'info';

  /** Moves this process's clock: for tests of time, never for production. */
  @IsInt()
  clockOffsetMs = 0;

  /** `name` or `name:nth`: the process kills itself there, for tests of crashes. */
  @IsOptional()
  @Matches(/^[a-z_.-]+(:[1-9]\d*)?$/)
  failpoint?: string;
}
