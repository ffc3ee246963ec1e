/** Numbers and booleans that were written as text: CloudFormation takes `'5000'` and `'true'`, and a placeholder's value is always text. */
import type { Json } from '../../code.js';

const NUMBERS: ReadonlySet<string> = new Set([
  'limit', 'offset', 'rateLimit', 'burstLimit', 'throttlingRateLimit', 'throttlingBurstLimit', 'cacheTtlInSeconds', 'timeoutInMillis', 'authorizerResultTtlInSeconds', 'maxAge', 'x-amazon-apigateway-minimum-compression-size',
  'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'multipleOf',
  // of web ACLs
  'ResponseCode', 'Priority', 'Limit', 'Size', 'EvaluationWindowSec',
]);

const BOOLEANS: ReadonlySet<string> = new Set([
  'required', 'deprecated', 'nullable', 'readOnly', 'writeOnly', 'uniqueItems', 'additionalProperties', 'allowEmptyValue', 'allowCredentials', 'disableExecuteApiEndpoint', 'enableSimpleResponses', 'insecureSkipVerification',
  'validateRequestBody', 'validateRequestParameters', 'isDefaultRoute', 'enabled', 'dataTraceEnabled', 'metricsEnabled', 'cachingEnabled', 'detailedMetricsEnabled',
]);

/** `value` as what `key` takes, where its text is of that kind. */
export function typed(key: string, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (NUMBERS.has(key) && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  return BOOLEANS.has(key) && /^(?:true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;
}
