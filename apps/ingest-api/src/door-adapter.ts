import type { IncomingMessage, Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { HttpAdapter } from '#http';
import type { IngestApiConfig } from './ingest-api.config.js';

type RouterOptions = NonNullable<FastifyHttpOptions<Server>['routerOptions']>;
type RouteConstraint = NonNullable<RouterOptions['constraints']>[string];
type Routes = ReturnType<RouteConstraint['storage']>;

/** `application/json` or `application/x-ndjson`, in UTF-8. */
const ACCEPTED = /^application\/(?:json|x-ndjson)\s*(?:;\s*charset="?utf-?8"?\s*)?$/i;

/**
 * `@RouteConstraints({ header: name })` on a route: it gets the requests of its path that carry the header. So a dialect
 * that is known by a header has routes of its own, also on a path that others are spoken on.
 */
function byHeader(): RouteConstraint {
  const names = new Set<string>();
  return {
    name: 'header',
    storage() {
      const routes = new Map<string, Parameters<Routes['set']>[1]>();
      return {
        get: (name) => routes.get(name) ?? null,
        set(name, route) {
          names.add(name);
          routes.set(name, route);
        },
      };
    },
    deriveConstraint({ headers }: IncomingMessage) {
      for (const name of names) if (headers[name] !== undefined) return name;
      return '';
    },
    mustMatchWhenDerived: false,
  };
}

/** How the door listens. What a body is, is found out once, by the pipeline, within its limits. */
export function doorAdapter({ requestTimeoutMs, connectionsMax }: IngestApiConfig): HttpAdapter {
  const routerOptions = { constraints: { header: byHeader() } };
  return new HttpAdapter({ requestTimeoutMs, connectionsMax, accepts: ACCEPTED, routerOptions });
}
