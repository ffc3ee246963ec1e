/** A request as parameter mappings of an HTTP API change it, for events that are made of it. */
import { Exchange, type Fields } from '../exchange.js';
import { contextArrival } from '../context.js';
import { flatFields } from './integration-response.js';
import { extendedRequestId, requestId } from '../identifiers/request-id.js';
import { latin1 } from '../request-values.js';

/** `headers`: flat `[name, value…]`, set where there is a value; `removed`: lower case. `query`, `path`: null where they stay as they are. */
export function mappedRequest(exchange: Exchange, headers: readonly (string | undefined)[], removed: readonly string[], query: string | null, path: string | null): Exchange {
  const newPath = path ?? latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
  const newQuery = query ?? latin1(exchange.target, exchange.queryStart, exchange.queryEnd);
  const target = Buffer.from(newQuery === '' ? newPath : `${newPath}?${newQuery}`, 'latin1');
  const pathEnd = newPath.length, queryStart = newQuery === '' ? pathEnd : pathEnd + 1;
  const mapped = new Exchange(exchange.gateway, exchange.method, target, 0, pathEnd, queryStart, target.length, mappedHead(exchange.head, headers, removed), exchange.incoming, exchange.reply, exchange.connection);
  mapped.route = exchange.route;
  mapped.body = exchange.body;
  mapped.requestId = requestId(exchange);
  mapped.extendedRequestId = extendedRequestId(exchange);
  mapped.apiKey = exchange.apiKey;
  // What steps keep for later is one, whichever of the two they are given.
  contextArrival(exchange);
  mapped.context = exchange.context;
  return mapped;
}

function mappedHead(head: Fields, headers: readonly (string | undefined)[], removed: readonly string[]): Fields {
  const replaced = new Set(removed);
  const added: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const value = headers[i + 1];
    if (value === undefined) continue;
    replaced.add(headers[i]!.toLowerCase());
    added.push(headers[i]!, value);
  }
  const fields: string[] = [];
  head.forEach((name, value) => { if (!replaced.has(name.toLowerCase())) fields.push(name, value); });
  return flatFields([...fields, ...added]);
}
