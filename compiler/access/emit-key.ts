/** The expressions that look for API keys. */
import { code, helper, join, type Code } from '../code.js';
import type { KeyPlace } from './key-requirement.js';

const keys = helper<typeof import('../../runtime/keys/api-keys.js')>();
const request = helper<typeof import('../../runtime/request-values.js')>();
const cookie = helper<typeof import('../../runtime/parameters/cookie.js')>();
const result = helper<typeof import('../../runtime/access/authorizer-result.js')>();

/** Whether there is a valid key at each of the places. The last key that is found counts for limits: the first place is looked at last. */
export function presentsKeys(places: readonly KeyPlace[]): Code {
  return join([...places].reverse().map((place) => code`${keys('keys/api-keys', place.in === 'query' || place.in === 'authorizer' ? 'presentsKeyText' : 'presentsKey')}(exchange, ${valueAt(place)})`), ' && ');
}

export function valueAt(place: KeyPlace): Code {
  switch (place.in) {
    case 'header': return code`exchange.head.last(${place.name})`;
    case 'query': return code`${request('request-values', 'queryValue')}(exchange, ${place.name})`;
    case 'cookie': return code`${cookie('parameters/cookie', 'cookieValue')}(exchange, ${place.name})`;
    case 'authorizer': return code`${result('access/authorizer-result', 'authorizerKey')}(exchange)`;
    default: return place.in satisfies never;
  }
}
