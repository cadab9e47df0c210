import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LOGGER, type Logger } from '#platform';
import { requestSeconds } from './console.metrics.js';

const QUIET = /^\/(?:health|docs)/;

/** A line and a measure for every request, under the id that its answer and its errors carry. */
export function observeRequests(app: NestFastifyApplication): void {
  const logger = app.get<Logger>(LOGGER);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const { method, id } = request;
      const route = request.routeOptions.url ?? 'none';
      const seconds = reply.elapsedTime / 1000;
      requestSeconds.observe({ method, route, status: reply.statusCode }, seconds);
      if (!QUIET.test(route))
        logger.info(
          { request_id: id, method, route, status: reply.statusCode, seconds },
          'answered',
        );
      done();
    });
}
