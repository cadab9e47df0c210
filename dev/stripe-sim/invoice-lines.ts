import { missingParameter, noSuchObject } from './api-error.js';
import { addItem, itemsOf, readItemDetails } from './invoice-item.js';
import { renderInvoice, renderLine } from './invoice-rendering.js';
import { findDraft, findInvoice } from './invoices.js';
import { cutPage } from './list-page.js';
import type { RequestParams } from './request-params.js';
import type { Call, Route } from './route.js';

/** All lines of the call are added, or none. */
function addLines({ store, id, params }: Call): unknown {
  const lines = requiredLines(params);
  const invoice = findDraft(store, id);
  for (const line of lines) {
    addItem(
      store,
      { customer: invoice.customer, invoice: id },
      readItemDetails(store, line, invoice),
    );
  }
  return renderInvoice(store, invoice);
}

/** Removes the items behind the lines, all or none. */
function removeLines({ store, id, params }: Call): unknown {
  const lines = requiredLines(params);
  const invoice = findDraft(store, id);
  for (const line of lines) {
    const lineId = line.requiredText('id');
    line.oneOf('behavior', ['delete']);
    line.end();
    const item = itemsOf(store, id).find((each) => each.line_id === lineId);
    if (item === undefined) throw noSuchObject('line_item', lineId, 'lines');
    store.remove('invoice_items', item.id);
  }
  return renderInvoice(store, invoice);
}

function requiredLines(params: RequestParams): RequestParams[] {
  const lines = params.list('lines');
  params.end();
  if (lines === undefined || lines.length === 0) throw missingParameter('lines');
  return lines;
}

function list({ store, id, params }: Call): unknown {
  const lines = itemsOf(store, findInvoice(store, id).id).map((item) => renderLine(store, item));
  const page = cutPage(lines, params, `/v1/invoices/${id}/lines`);
  params.end();
  return page;
}

export const invoiceLineRoutes: readonly Route[] = [
  ['POST /v1/invoices/:id/add_lines', addLines],
  ['POST /v1/invoices/:id/remove_lines', removeLines],
  ['GET /v1/invoices/:id/lines', list],
];
