import { code, typeHelper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { AddressRanges } from './ir.js';

/** The constant that `isInSet` searches. */
export function emitAddresses(set: AddressRanges, unit: Unit): Code {
  return unit.constant('ADDRESSES', code`${{ ...set }} satisfies ${typeHelper('waf/ip-set', 'IpSet')}`);
}
