import { unknownUrl } from './api-error.js';
import { customerRoutes } from './customers.js';
import { invoiceItemRoutes } from './invoice-items.js';
import { invoiceLineRoutes } from './invoice-lines.js';
import { invoiceTransitionRoutes } from './invoice-transitions.js';
import { invoiceRoutes } from './invoices.js';
import { priceRoutes } from './prices.js';
import { productRoutes } from './products.js';
import type { Route } from './route.js';

/** Search stands before `:id`, which would match its path too. */
const routes: readonly Route[] = [
  ...customerRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...invoiceRoutes,
  ...invoiceLineRoutes,
  ...invoiceTransitionRoutes,
  ...invoiceItemRoutes,
];

const compiled = routes.map(([endpoint, handle]) => {
  const [method = '', pattern = ''] = endpoint.split(' ');
  return { method, path: new RegExp(`^${pattern.replaceAll(':id', '([^/]+)')}$`), handle };
});

/** The handler for a request and the id in its path. Throws Stripe's 404 for a URL that the simulator does not know. */
export function findRoute(method: string, path: string): { handle: Route[1]; id: string } {
  for (const route of compiled) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match !== null) return { handle: route.handle, id: decodeURIComponent(match[1] ?? '') };
  }
  throw unknownUrl(method, path);
}
