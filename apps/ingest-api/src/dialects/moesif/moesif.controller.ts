import { Controller, Post } from '@nestjs/common';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import { ApiError } from '#http';

/** Moesif's clients send to a path of the native API too, and are known by this header alone. Their door is not open yet. */
@ApiExcludeController()
@Controller('v1/events')
export class MoesifController {
  @Post()
  @RouteConstraints({ header: 'x-moesif-application-id' })
  record(): never {
    throw new ApiError(404, 'moesif_not_served', 'events of Moesif clients are not taken here yet');
  }
}
