import { FastifyAdapter } from '@nestjs/platform-fastify';
import { httpAdapterOptions, type HttpLimits } from '#http';

/** `application/json` or `application/x-ndjson`, in UTF-8. */
const ACCEPTED = /^application\/(?:json|x-ndjson)\s*(?:;\s*charset="?utf-?8"?\s*)?$/i;

/** Hands bodies over as bytes: what they are is found out once, by the pipeline, within its limits. */
export class RawBodyAdapter extends FastifyAdapter {
  constructor(limits: HttpLimits) {
    super(httpAdapterOptions(limits));
  }

  override registerParserMiddleware(): void {
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser(ACCEPTED, { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
  }
}
