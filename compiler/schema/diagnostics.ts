/** What reading a schema can report. */
import { diagnostic } from '../diagnostics/define.js';

export const NOT_A_SCHEMA = diagnostic<{ found: string; misplaced?: string | undefined }>({
  code: 'GWC2601',
  severity: 'error',
  message: ({ found }) => `a schema must be an object, this is ${found}`,
  hint: ({ misplaced }) => (misplaced === undefined ? 'write {} for "anything"' : `move ${misplaced} out of properties: it stands beside it, with the same indentation`),
  help: 'A schema is an object of keywords (`type`, `properties`, …). In OpenAPI 3.1 it may also be `true` (anything) or `false` (nothing); in OpenAPI 2.0 and 3.0 only `additionalProperties` takes a boolean.',
});

export const OTHER_DIALECT = diagnostic<{ keyword: string; dialect: string; later: string }>({
  code: 'GWC2602',
  severity: 'warning',
  message: ({ keyword, dialect, later }) => `'${keyword}' is a keyword of ${later}, not of ${dialect}; it is ignored`,
  hint: () => 'raise the document to OpenAPI 3.1, or remove it',
  help: 'A keyword that the document\'s schema dialect does not define checks nothing. OpenAPI 2.0 and API Gateway models follow JSON Schema draft-04, OpenAPI 3.0 a subset of it, and OpenAPI 3.1 is JSON Schema 2020-12. Remove the keyword, or raise the document to the version that has it: `openapi: 3.1.0`.',
});

export const BAD_KEYWORD_VALUE = diagnostic<{ keyword: string; expected: string }>({
  code: 'GWC2604',
  severity: 'warning',
  message: ({ keyword, expected }) => `'${keyword}' must be ${expected}; it is ignored`,
  hint: ({ keyword, expected }) => (keyword === 'required' ? 'list the required properties in the object that has them: required: [name]' : `write ${keyword}: with ${expected}, or remove it`),
  help: 'The keyword\'s value has the wrong type, so it cannot be checked. A frequent case is draft-03\'s `required: true` inside a property: since draft-04 the *object* lists its required properties.',
});

export const MENDED_KEYWORD = diagnostic<{ keyword: string; found: string; written: string }>({
  code: 'GWC2605',
  severity: 'warning',
  message: ({ keyword, found }) => `'${keyword}' is written as in another version of OpenAPI (${found}); it is read as meant`,
  hint: ({ written }) => `write ${written}`,
  help: 'OpenAPI 2.0 and 3.0 write `exclusiveMinimum: true` next to `minimum`; 3.1 writes `exclusiveMinimum: 5`. OpenAPI 3.0 has `nullable: true`; 3.1 lists `null` among the types. The form of the other version is understood, but other tools may ignore it.',
});

export const REF_SIBLING = diagnostic<{ keyword: string; dialect: string }>({
  code: 'GWC2606',
  severity: 'info',
  message: ({ keyword, dialect }) => `'${keyword}' next to $ref is ignored in ${dialect}`,
  hint: () => 'put the $ref in an allOf: allOf: [{ $ref: … }]',
  help: 'In OpenAPI 2.0 and 3.0 a reference object holds nothing but `$ref`: whatever stands beside it has no effect. Wrap the reference in `allOf` to add to it, or use OpenAPI 3.1, where siblings count.',
});

export const UNKNOWN_FORMAT = diagnostic<{ format: string; closest?: string }>({
  code: 'GWC2607',
  severity: 'info',
  message: ({ format }) => `format '${format}' is not one gwc checks; any value of the type is accepted`,
  hint: ({ closest }) => closest && `did you mean '${closest}'?`,
  help: 'Checked formats: int32, int64, float, double, byte, date, date-time, time, duration, uuid, email, idn-email, uri, uri-reference, uri-template, iri, iri-reference, hostname, idn-hostname, ipv4, ipv6, regex, json-pointer, relative-json-pointer; `binary` and `password` are known and accept every string. Any other format is documentation only. Each unknown format is reported once.',
});

export const BAD_PATTERN = diagnostic<{ reason: string; hint?: string }>({
  code: 'GWC2610',
  severity: 'error',
  message: ({ reason }) => `this is not a regular expression: ${reason}`,
  hint: ({ hint }) => hint ?? 'put a backslash before a character that stands for itself (\\( \\[ \\.), or correct it; patterns are those of JavaScript',
  help: 'JSON Schema patterns are ECMA-262 regular expressions. What other languages offer on top (`(?i)`, possessive quantifiers `a++`, atomic groups `(?>…)`, `[[:alpha:]]`) does not exist there. Patterns that are only invalid in Unicode mode, like `[\\w-.]`, are understood; `\\A`, `\\z` and `\\Z` are read as `^` and `$`, `/^…$/i` and a leading `(?i)` as meant.',
});

export const SLOW_PATTERN = diagnostic<{ pattern: string; guard: string }>({
  code: 'GWC2611',
  severity: 'warning',
  message: ({ pattern }) => `this pattern can backtrack catastrophically: ${pattern}`,
  hint: ({ guard }) => `${guard}; rewrite it so that no text can be matched in two ways`,
  help: 'For some inputs a backtracking engine needs exponentially many steps for this pattern (`(a+)+$`, `(a|aa)+$`), so a client could keep a gateway busy with one short string (ReDoS). gwc therefore does not run such a pattern on the JavaScript engine: it is compiled to an automaton that reads each character once. Where that is impossible (backreferences, lookaround, repetitions beyond 8000 states), texts longer than 24 characters fail the check instead. Rewrite the pattern so that no part of a text can be matched in two different ways, or bound its repetitions.',
});

export const QUADRATIC_PATTERN = diagnostic<{ pattern: string; guard: string }>({
  code: 'GWC2618',
  severity: 'info',
  message: ({ pattern }) => `this pattern can need more than linear time on long texts: ${pattern}`,
  hint: ({ guard }) => `${guard}; anchor it with ^, or let no two neighbouring repetitions match the same characters`,
  help: 'Neighbouring repetitions of the same characters (`\\d+\\d*`), or a repetition that may begin anywhere (`\\s+$`), make a backtracking engine try every split of a text: harmless on short texts, seconds on megabytes. gwc runs such a pattern on the JavaScript engine for texts of up to 1000 characters and on an automaton, which reads each character once, above that; what matches is the same. Where no automaton can run it (lookaround), longer texts fail the check.',
});

export const REF_LOOP = diagnostic<{ name: string }>({
  code: 'GWC2613',
  severity: 'error',
  message: ({ name }) => `schema '${name}' refers only to itself`,
  hint: () => 'a cycle must pass through a property, an item or the like',
  help: 'A schema that is nothing but a reference to itself, directly or through others (or through `allOf`, `anyOf`, `oneOf` alone), has no meaning: checking a value against it would never end. Cycles through `properties`, `items` and so on are fine.',
});

export const TOO_DEEP = diagnostic({
  code: 'GWC2614',
  severity: 'error',
  message: () => 'schemas are nested more than 200 levels deep here',
  hint: () => 'name the inner schema and $ref it',
  help: 'Inline schemas may be nested 200 levels deep. Real documents stay below 30; deeper nesting is a generator\'s bug or an attack. Name the inner schema under `components.schemas` and refer to it with `$ref`.',
});

export const UNSUPPORTED_REFERENCE = diagnostic<{ keyword: string; reason: string }>({
  code: 'GWC2615',
  severity: 'warning',
  message: ({ keyword, reason }) => `${keyword}: ${reason}`,
  hint: ({ keyword }) => (keyword === '$ref' ? 'write a JSON Pointer after #, or add the $anchor' : 'add the $dynamicAnchor, or write a $ref to the schema that is meant'),
  help: 'A reference to a name (`#node`) leads to the schema with that `$anchor` or `$dynamicAnchor`, in the file or in the schema with an `$id` that the reference stands in. `$dynamicRef` leads to the outermost schema with that `$dynamicAnchor` among those that were gone through (JSON Schema 2020-12), so that a schema that extends another one takes the place of its recursion. This reference finds none, and checks nothing.',
});

export const BAD_DISCRIMINATOR = diagnostic<{ reason: string; closest?: string | undefined; advice?: string }>({
  code: 'GWC2616',
  severity: 'warning',
  message: ({ reason }) => `discriminator: ${reason}`,
  hint: ({ closest, advice }) => (closest === undefined ? advice : `did you mean '${closest}'?`),
  help: 'A discriminator names the property whose value says which schema applies. `mapping` lists value → schema (a name or a `$ref`); without it, the value is the name of the schema. It works with `oneOf`/`anyOf` of references, and with inheritance: schemas that take this one in through `allOf`. A discriminator that cannot be resolved is ignored; the schemas themselves are still checked.',
});

export const IMPOSSIBLE_ENUM = diagnostic<{ value: string; type: string }>({
  code: 'GWC2617',
  severity: 'warning',
  message: ({ value, type }) => `no value can match: ${value} is not of type ${type}`,
  hint: ({ value, type }) => (type === 'string' ? `quote it: '${value}'` : undefined),
  help: 'An `enum` or `const` value that contradicts `type` can never be sent. In YAML the usual cause is a missing quote: `yes`, `no`, `on`, `1.0` and `2020-01-01` are not strings unless quoted.',
});

export const SCHEMA_DIAGNOSTICS = {
  NOT_A_SCHEMA, OTHER_DIALECT, BAD_KEYWORD_VALUE, MENDED_KEYWORD, REF_SIBLING, UNKNOWN_FORMAT, BAD_PATTERN, SLOW_PATTERN, QUADRATIC_PATTERN,
  REF_LOOP, TOO_DEEP, UNSUPPORTED_REFERENCE, BAD_DISCRIMINATOR, IMPOSSIBLE_ENUM,
};
