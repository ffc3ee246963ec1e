/** The query of a service call: that of the uri, then the mapped parameters; in action form as the parameters of the action. */
import { code, helper, join, type Code } from '../../code.js';
import type { Operation, Unit } from '../../feature.js';
import { concatenate, emitQueryParameters, emitTargetParts } from '../../integration/emit-target.js';
import type { AwsServiceIntegration } from './ir.js';
import type { ServiceUri } from './uri.js';

const encode = helper<typeof import('../../../runtime/integration/encode-uri.js')>();
const action = helper<typeof import('../../../runtime/aws/action.js')>();

/** `path` (which may have a query already) with the uri's query and the mapped parameters behind it. */
export function emitQuery(part: AwsServiceIntegration, uri: ServiceUri, path: Code | undefined, overrides: boolean, operation: Operation, unit: Unit): Code {
  const query = [
    ...(uri.query.length > 0 ? [concatenate(emitTargetParts(uri.query, part.requestParameters, 'encodeQuery', overrides, operation, unit))] : []),
    ...emitQueryParameters(part.requestParameters, overrides, operation, unit),
  ];
  const whole = path ?? code`"/"`;
  if (query.length === 0) return whole;
  return uri.form === 'path' ? code`${encode('integration/encode-uri', 'withQuery')}(${whole}, ${join(query, ', ')})` : code`${action('aws/action', 'withParameters')}(${whole}, ${join(query, ', ')})`;
}
