/** Throttles and quotas as requests give them. */
import { badRequest } from './control-error.js';
import { asFields, knownFields, own, printable } from './control-request.js';
import type { QuotaRecord, ThrottleRecord } from './records.js';

export function readThrottle(value: unknown): ThrottleRecord | null {
  if (value === undefined || value === null) return null;
  const fields = asFields(value, 'throttle');
  knownFields(fields, ['rateLimit', 'burstLimit']);
  return checkThrottle(own(fields, 'rateLimit'), own(fields, 'burstLimit'));
}

export function checkThrottle(rateLimit: unknown, burstLimit: unknown): ThrottleRecord {
  if (rateLimit === undefined || burstLimit === undefined) throw badRequest('Invalid throttle: it has a rateLimit and a burstLimit');
  if (typeof rateLimit !== 'number' || !(rateLimit >= 0 && rateLimit <= 1e9)) throw badRequest('Invalid rateLimit: it must be a number of requests per second from 0 to 1000000000');
  if (typeof burstLimit !== 'number' || !Number.isInteger(burstLimit) || burstLimit < 0 || burstLimit > 2_147_483_647) throw badRequest('Invalid burstLimit: it must be a whole number from 0 to 2147483647');
  return { rateLimit, burstLimit };
}

export function readQuota(value: unknown): QuotaRecord | null {
  if (value === undefined || value === null) return null;
  const fields = asFields(value, 'quota');
  knownFields(fields, ['limit', 'offset', 'period']);
  return checkQuota(own(fields, 'limit'), own(fields, 'offset') ?? 0, own(fields, 'period'));
}

export function checkQuota(limit: unknown, offset: unknown, period: unknown): QuotaRecord {
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0 || limit > 2_147_483_647) throw badRequest('Invalid quota limit: it must be a whole number from 0 to 2147483647');
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0 || offset > limit) throw badRequest('Invalid quota offset: it must be a whole number from 0 to the limit');
  if (period !== 'DAY' && period !== 'WEEK' && period !== 'MONTH') throw badRequest(`Invalid quota period '${printable(String(period))}': it must be one of [DAY, WEEK, MONTH]`);
  return { limit, offset, period };
}
