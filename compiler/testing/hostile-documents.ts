/** Documents made to hurt: one function each, so that a fault names the one it is about. Texts of api.yaml or api.json. */

const HEAD = { openapi: '3.0.3', info: { title: 'hostile', version: '1' } };
const ok = { 200: { description: 'ok' } };
const json = (schema: unknown): unknown => ({ content: { 'application/json': { schema } } });
const ref = (name: string): unknown => ({ $ref: `#/components/schemas/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}` });
const document = (schemas: Record<string, unknown>, root: string, more: object = {}): string =>
  JSON.stringify({ ...HEAD, ...more, paths: { '/a': { post: { requestBody: json(ref(root)), responses: { 200: { description: 'ok', ...(json(ref(root)) as object) } } } } }, components: { schemas } });
const chain = (length: number, link: (next: unknown, index: number) => unknown, last: unknown = { type: 'string' }): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length }, (_none, index) => [`S${index}`, index === length - 1 ? last : link(ref(`S${index + 1}`), index)]));
const nested = (depth: number, wrap: (inner: unknown) => unknown, core: unknown): unknown => {
  let value = core;
  for (let n = 0; n < depth; n++) value = wrap(value);
  return value;
};
/** Own keys that look inherited: JSON.stringify drops none of them. */
const withKey = (key: string, value: unknown): object => Object.defineProperty({}, key, { value, enumerable: true }) as object;

export const HOSTILE_YAML: Readonly<Record<string, () => string | Buffer>> = {
  'a billion laughs': () => `openapi: 3.0.3\ninfo: {title: a, version: '1'}\nx-0: &a0 [l, l, l, l, l, l, l, l, l, l]\n${Array.from({ length: 12 }, (_n, i) => `x-${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`).join('\n')}\npaths: {}\n`,
  'merges that double': () => `openapi: 3.0.3\ninfo: {title: a, version: '1'}\nx-0: &a0 {k: v}\n${Array.from({ length: 40 }, (_n, i) => `x-${i + 1}: &a${i + 1} {p: *a${i}, q: *a${i}}`).join('\n')}\npaths: {}\n`,
  'an alias of itself': () => `openapi: 3.0.3\ninfo: &i {title: a, version: '1', x: *i}\npaths: {}\n`,
  'many anchors': () => `openapi: 3.0.3\ninfo: {title: a, version: '1'}\nx-all:\n${Array.from({ length: 20_000 }, (_n, i) => `  - &anchor${i} v${i}`).join('\n')}\nx-used:\n${Array.from({ length: 20_000 }, (_n, i) => `  - *anchor${i}`).join('\n')}\npaths: {}\n`,
  'an anchor as long as a book': () => `openapi: 3.0.3\ninfo: &${'a'.repeat(500_000)} {title: a, version: '1'}\nx: *${'a'.repeat(499_999)}\npaths: {}\n`,
  'flow brackets without end': () => '['.repeat(50_000),
  'flow braces without end': () => '{a: '.repeat(50_000),
  'indentation without end': () => Array.from({ length: 3_000 }, (_n, i) => `${' '.repeat(i)}a:`).join('\n'),
  'dashes without end': () => '- '.repeat(20_000),
  'question marks': () => '? '.repeat(5_000),
  'tags': () => `openapi: 3.0.3\ninfo: !!js/function 'x'\npaths: !!python/object/apply:os.system ['id']\nx: !<tag:${'y'.repeat(10_000)}> 1\n`,
  'a scalar of ten megabytes': () => `openapi: 3.0.3\ninfo: {title: a, version: '1', description: "${'x'.repeat(10_000_000)}"}\npaths: {}\n`,
  'prototype keys': () => `openapi: 3.0.3\ninfo: {title: a, version: '1', __proto__: {x: 1}}\n__proto__: {polluted: true}\npaths:\n  /a:\n    __proto__: {get: {responses: {}}}\n    get: {operationId: __proto__, tags: [__proto__, constructor], responses: {constructor: {description: x}, '200': {description: ok}}}\n  /{__proto__}/{constructor}: {get: {operationId: constructor, responses: {'200': {description: ok}}}}\n  __proto__: {get: {}}\n`,
  'bytes that are no text': () => Buffer.from([0xff, 0xfe, 0x00, 0x6f, 0x80, 0xc0, 0xaf, 0xed, 0xa0, 0x80]),
  'UTF-16': () => Buffer.from(`\ufeffopenapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\n`, 'utf16le'),
  'line separators and controls': () => `openapi: 3.0.3\r\ninfo: {title: "a\u2028b\u2029c\\u0000\\u001b[2J", version: '1'}\r\npaths:\r\n  "/a\u2028b": {get: {operationId: "*/ alert(1) /*\u2028", summary: "*/ \u2028 \`\${x}", responses: {'200': {description: "</script>"}}}}\r\n`,
};

export const HOSTILE_JSON: Readonly<Record<string, () => string>> = {
  'arrays without end': () => '['.repeat(100_000),
  'objects without end': () => '{"a":'.repeat(100_000),
  'a tree of 100 000 levels': () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'a schema 390 levels deep': () => document({ Deep: nested(120, (inner) => ({ type: 'object', properties: { a: inner } }), { type: 'string' }) }, 'Deep'),
  'lists in lists': () => document({ Deep: nested(350, (inner) => ({ type: 'array', items: inner }), { type: 'string' }) }, 'Deep'),
  'allOf in allOf': () => document({ Deep: nested(150, (inner) => ({ allOf: [inner] }), { type: 'string' }) }, 'Deep'),
  'not of not': () => document({ Deep: nested(300, (inner) => ({ not: inner }), { type: 'string' }) }, 'Deep'),
  'a chain of 3 000 references': () => document(chain(3_000, (next) => next), 'S0'),
  'a chain of 1 500 properties': () => document(chain(1_500, (next) => ({ type: 'object', required: ['next'], properties: { next } })), 'S0'),
  'a chain of 1 500 allOf': () => document(chain(1_500, (next, index) => ({ allOf: [next, { type: 'object', properties: { [`p${index}`]: { type: 'string' } } }] }), { type: 'object' }), 'S0'),
  'properties that double 60 times': () => document(chain(60, (next) => ({ type: 'object', required: ['a', 'b'], properties: { a: next, b: next } })), 'S0'),
  'allOf that doubles 60 times': () => document(chain(60, (next) => ({ allOf: [next, next] }), { type: 'object' }), 'S0'),
  'oneOf that doubles 60 times': () => document(chain(60, (next) => ({ oneOf: [next, { type: 'integer' }, next] })), 'S0'),
  'anyOf of allOf that doubles 40 times': () => document(chain(40, (next) => ({ anyOf: [{ allOf: [next] }, { allOf: [next, { minLength: 1 }] }] })), 'S0'),
  'a reference to itself': () => document({ A: ref('A') }, 'A'),
  'a ring of references': () => document({ A: ref('B'), B: ref('C'), C: ref('A') }, 'A'),
  'a ring of allOf': () => document({ A: { allOf: [ref('B')] }, B: { allOf: [ref('A'), { type: 'object' }] } }, 'A'),
  'a ring of not': () => document({ A: { not: ref('A') } }, 'A'),
  'a ring of required properties': () => document({ A: { type: 'object', required: ['b'], properties: { b: ref('B') } }, B: { type: 'object', required: ['a'], properties: { a: ref('A') } } }, 'A'),
  'a union of 3 000': () => document({ Wide: { oneOf: Array.from({ length: 3_000 }, (_n, i) => ({ type: 'object', required: [`k${i}`], properties: { [`k${i}`]: { enum: [i] } } })) } }, 'Wide'),
  'an enum of 30 000': () => document({ Wide: { type: 'string', enum: Array.from({ length: 30_000 }, (_n, i) => `value ${i}`) } }, 'Wide'),
  'an object of 5 000 properties': () => document({ Wide: { type: 'object', required: Array.from({ length: 5_000 }, (_n, i) => `p${i}`), properties: Object.fromEntries(Array.from({ length: 5_000 }, (_n, i) => [`p${i}`, { type: 'string' }])) } }, 'Wide'),
  'lists that must be long': () => document({ Long: { type: 'array', minItems: 1_000_000_000, items: { type: 'array', minItems: 1_000_000, items: { type: 'string', minLength: 1_000_000_000 } } } }, 'Long'),
  'objects that must be large': () => document({ Large: { type: 'object', minProperties: 1_000_000_000, additionalProperties: { type: 'string' } } }, 'Large'),
  'items that must differ': () => document({ Set: { type: 'array', minItems: 100_000, uniqueItems: true, items: { type: 'boolean' } } }, 'Set'),
  'numbers at the edge': () => document({ N: { type: 'object', properties: { a: { type: 'number', multipleOf: 1e-300, minimum: 1e300 }, b: { type: 'integer', minimum: 9007199254740993, maximum: -1e308 }, c: { type: 'integer', multipleOf: 0 }, d: { type: 'string', minLength: -5, maxLength: 1.5 } } } }, 'N'),
  'patterns that explode': () => document({ P: { type: 'object', properties: Object.fromEntries(['^(a+)+$', '^(a|a)*$', '([a-zA-Z]+)*$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){25}', '^(?=(a+))\\1*b$', '(a?){60}a{60}'].map((pattern, i) => [`p${i}`, { type: 'string', pattern, example: `${'a'.repeat(60)}!`, default: `${'a'.repeat(3_000)}!` }])) } }, 'P'),
  'a pattern of a megabyte': () => document({ P: { type: 'string', pattern: `^${'(?:a|b)'.repeat(30_000)}$` } }, 'P'),
  'repetitions of repetitions': () => document({ P: { type: 'string', pattern: '^((((a{1,100}){1,100}){1,100}){1,100}){1,100}$' } }, 'P'),
  'schemas named like members of objects': () => `{"openapi":"3.0.3","info":{"title":"a","version":"1"},"paths":{"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/__proto__"}}}},"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/constructor"}}}}}}}},"components":{"schemas":{"__proto__":{"type":"object","required":["__proto__"],"properties":{"__proto__":{"type":"string"},"constructor":{"$ref":"#/components/schemas/toString"},"hasOwnProperty":{"type":"integer"}}},"constructor":{"type":"object","properties":{"prototype":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/__proto__"}}}},"toString":{"oneOf":[{"$ref":"#/components/schemas/__proto__"},{"$ref":"#/components/schemas/constructor"}],"discriminator":{"propertyName":"__proto__","mapping":{"__proto__":"#/components/schemas/__proto__","constructor":"#/components/schemas/constructor"}}}}}}`,
  'parameters named like members of objects': () => JSON.stringify({ ...HEAD, paths: { '/{__proto__}/{constructor}': { get: { operationId: 'hasOwnProperty', parameters: [...['__proto__', 'constructor'].map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })), ...['__proto__', 'toString', 'valueOf', 'body', 'arguments', 'default', 'then'].flatMap((name) => [{ name, in: 'query', schema: { type: 'integer' } }, { name, in: 'header', schema: { type: 'array', items: { type: 'string' } } }, { name, in: 'cookie', schema: { type: 'string' } }])], responses: ok, security: [{ constructor: [] }] } } }, components: { securitySchemes: { constructor: { type: 'apiKey', in: 'query', name: '__proto__' } } } }),
  'operations that all want one name': () => JSON.stringify({ ...HEAD, paths: Object.fromEntries(Array.from({ length: 300 }, (_n, i) => [`/p${i}`, { get: { operationId: `get${'-_ .'[i % 4]}${'_'.repeat(Math.floor(i / 4))}pet`, responses: ok } }])) }),
  'names of every script': () => JSON.stringify({ ...HEAD, paths: Object.fromEntries(['日本', '🙂', 'a b', '%41', '%zz', '..', 'a;b', "'", '"', '`${x}`', '*/', '\u202e', 'é', 'e\u0301'].map((name) => [`/${name}/{${name}}`, { get: { operationId: name, tags: [name], summary: name, parameters: [{ name, in: 'query', schema: { type: 'string', enum: [name] } }], responses: { 200: { description: name, headers: { [name]: { schema: { type: 'string' } } }, ...(json(ref(name)) as object) } } } }])), components: { schemas: Object.fromEntries(['日本', '🙂', 'a b', '%41', '%zz', '..', 'a;b', "'", '"', '`${x}`', '*/', '\u202e', 'é', 'e\u0301'].map((name) => [name, { type: 'object', description: name, properties: { [name]: { type: 'string', default: name } } }])) } }),
  'everything has the wrong type': () => JSON.stringify({ openapi: '3.0.3', info: 'x', paths: { '/a': { get: { parameters: { a: 1 }, requestBody: [1], responses: [{ description: 1 }], security: { a: 1 }, tags: 7, operationId: {}, servers: 'x', callbacks: [], deprecated: 'yes' }, post: 5, parameters: 'x' } }, components: { schemas: [1, 2], parameters: 'x', responses: null, securitySchemes: [{}] }, servers: {}, tags: {}, security: 'x' }),
  'a schema where nothing is what it should be': () => document({ A: { type: ['x', 5, null], properties: ['a'], required: { a: 1 }, items: 5, enum: {}, allOf: {}, oneOf: [], anyOf: [null, 5, 'x', []], not: 7, additionalProperties: 'x', discriminator: 'kind', minimum: 'a', pattern: {}, format: 7, example: null, nullable: 'x', $ref: 5 } }, 'A'),
  'a member key __proto__ at every level': () => JSON.stringify({ ...HEAD, ...withKey('__proto__', { x: 1 }), paths: { '/a': { ...withKey('__proto__', { get: {} }), get: { responses: withKey('__proto__', { description: 'x' }) } } } }),
};
