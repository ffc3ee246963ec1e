/** What failed, in words: one sentence per keyword, without the value that failed (it may be secret, and the client has it). */

type Params = Readonly<Record<string, unknown>>;

export function faultMessage(keyword: string, params: Params): string {
  const limit = params['limit'] as number | undefined;
  switch (keyword) {
    case 'type': return `must be ${types(params['type'])}`;
    case 'required': return `must have property ${quote(params['missingProperty'])}`;
    case 'additionalProperties': return `must not have property ${quote(params['additionalProperty'])}`;
    case 'unevaluatedProperties': return `must not have property ${quote(params['unevaluatedProperty'])}`;
    case 'unevaluatedItems': return `must not have an item at ${params['index']}`;
    case 'dependentRequired': return `must have property ${quote(params['missingProperty'])} when ${quote(params['property'])} is present`;
    case 'enum': return `must be one of ${list(params['allowedValues'])}`;
    case 'const': return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'minLength': return `must not be shorter than ${count(limit, 'character')}`;
    case 'maxLength': return `must not be longer than ${count(limit, 'character')}`;
    case 'minItems': return `must not have fewer than ${count(limit, 'item')}`;
    case 'maxItems': case 'items': return `must not have more than ${count(limit, 'item')}`;
    case 'minProperties': return `must not have fewer than ${count(limit, 'property', 'properties')}`;
    case 'maxProperties': return `must not have more than ${count(limit, 'property', 'properties')}`;
    case 'minimum': case 'maximum': case 'exclusiveMinimum': case 'exclusiveMaximum': return `must be ${params['comparison']} ${limit}`;
    case 'multipleOf': return `must be a multiple of ${params['multipleOf']}`;
    case 'pattern': return `must match the pattern ${params['pattern']}`;
    case 'format': return `must be a valid ${params['format']}`;
    case 'uniqueItems': return 'must not have equal items';
    case 'contains': return `must contain at least ${params['minContains']}${params['maxContains'] === undefined ? '' : ` and at most ${params['maxContains']}`} matching items`;
    case 'propertyNames': return `has a property with a forbidden name: ${quote(params['propertyName'])}`;
    case 'oneOf': return params['passingSchemas'] ? 'must match only one of the alternatives' : 'must match one of the alternatives';
    case 'anyOf': return 'must match at least one of the alternatives';
    case 'not': case 'false schema': return 'is not allowed';
    case 'if': return `must match the "${params['failingKeyword']}" part`;
    case 'gwcCases': return `must have property ${quote(params['tag'])} with one of ${list(params['allowedValues'])}`;
    case 'depth': return 'is nested too deeply or is too complex to be checked';
    case 'parse': return String(params['reason']);
    default: return `does not satisfy ${keyword}`;
  }
}

const ARTICLE: Readonly<Record<string, string>> = { integer: 'an integer', object: 'an object', array: 'an array', null: 'null' };

function types(type: unknown): string {
  const names = Array.isArray(type) ? (type as string[]) : String(type).split(',');
  return names.map((name) => ARTICLE[name] ?? `a ${name}`).join(' or ');
}

function list(values: unknown): string {
  if (!Array.isArray(values)) return '';
  const shown = values.slice(0, 20).map((value) => JSON.stringify(value));
  return shown.join(', ') + (values.length > 20 ? ', …' : '');
}

const quote = (name: unknown): string => `"${String(name).slice(0, 100)}"`;
const count = (n: number | undefined, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
