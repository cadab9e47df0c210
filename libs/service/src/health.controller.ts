import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Readiness } from '#platform';

@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  async ready(): Promise<{ status: 'ready' }> {
    const failures = await this.readiness.failures();
    if (Object.keys(failures).length > 0) {
      throw new ServiceUnavailableException({ status: 'unready', failures });
    }
    return { status: 'ready' };
  }
}
