/**
 * The vocabulary Ajv compiles: its own keywords where they are right for hostile input, and ours where they are not.
 * Ours bound what Ajv leaves open: errors per loop, work on recursive schemas, cost of uniqueItems, inherited property names.
 * All of it together in one file, because each keyword is a few lines around the same `KeywordCxt`.
 */
import { _, KeywordCxt, Name, nil, type Code, type CodeKeywordDefinition, type Vocabulary } from 'ajv';
import codegen from 'ajv/dist/compile/codegen/index.js';
import codeText from 'ajv/dist/compile/codegen/code.js';
import names from 'ajv/dist/compile/names.js';
import util from 'ajv/dist/compile/util.js';
import allOf from 'ajv/dist/vocabularies/applicator/allOf.js';
import anyOf from 'ajv/dist/vocabularies/applicator/anyOf.js';
import dependentSchemas from 'ajv/dist/vocabularies/applicator/dependentSchemas.js';
import ifThenElse from 'ajv/dist/vocabularies/applicator/if.js';
import items from 'ajv/dist/vocabularies/applicator/items2020.js';
import notKeyword from 'ajv/dist/vocabularies/applicator/not.js';
import oneOf from 'ajv/dist/vocabularies/applicator/oneOf.js';
import patternProperties from 'ajv/dist/vocabularies/applicator/patternProperties.js';
import prefixItems from 'ajv/dist/vocabularies/applicator/prefixItems.js';
import properties from 'ajv/dist/vocabularies/applicator/properties.js';
import propertyNames from 'ajv/dist/vocabularies/applicator/propertyNames.js';
import thenElse from 'ajv/dist/vocabularies/applicator/thenElse.js';
import dependentRequired from 'ajv/dist/vocabularies/validation/dependentRequired.js';
import limitItems from 'ajv/dist/vocabularies/validation/limitItems.js';
import limitLength from 'ajv/dist/vocabularies/validation/limitLength.js';
import limitNumber from 'ajv/dist/vocabularies/validation/limitNumber.js';
import limitProperties from 'ajv/dist/vocabularies/validation/limitProperties.js';
import multipleOf from 'ajv/dist/vocabularies/validation/multipleOf.js';
import pattern from 'ajv/dist/vocabularies/validation/pattern.js';
import required from 'ajv/dist/vocabularies/validation/required.js';
import vocabularyCode from 'ajv/dist/vocabularies/code.js';
import type { Json } from '../code.js';
import { literal } from '../code.js';
import { countNamesOnce } from './count-names.js';
import type { EvaluationPlan } from './evaluation.js';
import { FORMATS } from './formats.js';

const N = names.default;

/** Errors after which a loop over items or properties gives up. */
export const MAX_ERRORS = 20;

/** How a reference is called; the compiler of the whole set knows what is recursive. */
export interface References {
  /** The name of the function behind a `$ref` that leads out of the circle being compiled; Ajv need not know it. */
  nameOf(ref: string): string | undefined;
  /** The key under which Ajv knows what another `$ref` stands for. */
  keyOf(ref: string): string;
}

/** A function of `runtime/validate/<module>`; `standalone.ts` turns the marker into an import. */
export const runtimeFunction = (cxt: KeywordCxt, module: string, name: string): Name =>
  cxt.gen.scopeValue('func', { key: `${module}.${name}`, ref: () => true, code: new codeText._Code(`require("gwc/runtime/validate/${module}").${name}`) });

/** A JSON value as a constant of the file. */
const constant = (cxt: KeywordCxt, value: Json, text = literal(value)): Name =>
  cxt.gen.scopeValue('obj', { key: text, ref: value, code: new codeText._Code(text) });

/** The function that checks what a `$ref` value stands for; what leads back to where it came from is called through `descend`. */
function validatorOf(cxt: KeywordCxt, ref: string, references: References): { validate: Code; isRecursive: boolean } {
  const known = references.nameOf(ref);
  if (known !== undefined) return { validate: new Name(known), isRecursive: false };
  const target = cxt.it.self.schemas[references.keyOf(ref)];
  if (!target) throw new Error(`no schema ${ref}`);
  const validate: Code = target.validate ? cxt.gen.scopeValue('validate', { ref: target.validate }) : _`${cxt.gen.scopeValue('wrapper', { ref: target })}.validate`;
  return { validate, isRecursive: true };
}

const refKeyword = (references: References): CodeKeywordDefinition => ({
  keyword: '$ref',
  schemaType: 'string',
  code(cxt) {
    const { gen, it, data } = cxt;
    const { validate, isRecursive } = validatorOf(cxt, cxt.schema as string, references);
    const call = isRecursive ? _`${runtimeFunction(cxt, 'recursion', 'descend')}(${validate}, ${data})` : _`${validate}(${data})`;
    cxt.result(call, undefined, () => {
      gen.assign(N.vErrors, _`${runtimeFunction(cxt, 'fault', 'inherit')}(${N.vErrors}, ${validate}.errors, ${it.errorPath})`);
      gen.assign(N.errors, _`${N.vErrors}.length`);
    });
  },
});

/** The plan as an object of the generated code. Ajv's own tracking is not used: it fails where references fail or recur. */
function planCode(cxt: KeywordCxt, plan: EvaluationPlan, references: References): Code {
  const list = (items: readonly Code[]): Code => _`[${items.reduce((all, item, index) => (index === 0 ? item : _`${all}, ${item}`), nil)}]`;
  const check = (ref: string): Code => {
    const { validate, isRecursive } = validatorOf(cxt, ref, references);
    return isRecursive ? _`(value) => ${runtimeFunction(cxt, 'recursion', 'descend')}(${validate}, value)` : _`${validate}`;
  };
  const inner = (plan: EvaluationPlan): Code => planCode(cxt, plan, references);
  const parts: Code[] = [];
  if (plan.properties) parts.push(_`properties: ${new codeText._Code(literal(plan.properties))}`);
  if (plan.patterns) parts.push(_`patterns: ${list(plan.patterns.map((source) => _`${vocabularyCode.usePattern(cxt, source)}`))}`);
  if (plan.all) parts.push(_`all: true`);
  if (plan.prefix !== undefined) parts.push(_`prefix: ${plan.prefix}`);
  if (plan.allItems) parts.push(_`allItems: true`);
  if (plan.contains !== undefined) parts.push(_`contains: ${check(plan.contains)}`);
  if (plan.each) parts.push(_`each: ${list(plan.each.map(inner))}`);
  if (plan.when) parts.push(_`when: ${list(plan.when.map(([ref, then, otherwise]) => list([check(ref), inner(then), ...(otherwise ? [inner(otherwise)] : [])])))}`);
  if (plan.has) parts.push(_`has: ${list(plan.has.map(([property, then]) => _`[${property}, ${inner(then)}]`))}`);
  if (plan.tagged) parts.push(_`tagged: ${list(plan.tagged.map(([property, tag, then]) => _`[${property}, ${tag}, ${inner(then)}]`))}`);
  return _`{${parts.reduce((all, part, index) => (index === 0 ? part : _`${all}, ${part}`), nil)}}`;
}

function unevaluated(keyword: 'unevaluatedProperties' | 'unevaluatedItems', references: References): CodeKeywordDefinition {
  const isItems = keyword === 'unevaluatedItems';
  return {
    keyword,
    type: isItems ? 'array' : 'object',
    schemaType: ['boolean', 'object'],
    trackErrors: true,
    error: { message: '', params: ({ params }) => (isItems ? _`{index: ${params['at'] as Name}}` : _`{unevaluatedProperty: ${params['at'] as Name}}`) },
    code(cxt) {
      const { gen, data, it, schema } = cxt;
      if (util.alwaysValidSchema(it, schema)) return;
      const plan = planCode(cxt, (cxt.parentSchema as { gwcPlan: EvaluationPlan }).gwcPlan, references);
      const seen = gen.const('seen', _`${runtimeFunction(cxt, 'evaluated', isItems ? 'evaluatedItems' : 'evaluatedProperties')}(${plan}, ${data})`);
      const check = (at: Name): void => void gen.if(_`!${seen}.has(${at})`, () => {
        if (schema === false) {
          cxt.setParams({ at });
          cxt.error();
          if (!it.allErrors) gen.break();
        } else {
          const valid = gen.name('valid');
          cxt.subschema({ keyword, dataProp: at, dataPropType: isItems ? util.Type.Num : util.Type.Str }, valid);
          if (!it.allErrors) gen.if(codegen.not(valid), () => gen.break());
        }
      });
      gen.if(_`${seen} !== null`, () => {
        if (isItems) gen.forRange('i', 0, _`${data}.length`, check);
        else gen.forIn('key', data, check);
      });
      cxt.ok(_`${cxt.errsCount as Name} === ${N.errors}`);
    },
  };
}

/** `switch` on the tag: only the chosen branch is checked, so its errors are the only ones. */
const casesKeyword: CodeKeywordDefinition = {
  keyword: 'gwcCases',
  schemaType: 'object',
  error: {
    message: '',
    params: ({ params }) => _`{tag: ${params['tagName'] as string}, allowedValues: ${params['tags'] as Name}}`,
  },
  code(cxt) {
    const { gen, data, parentSchema } = cxt;
    const tagName = (parentSchema as Record<string, Json>)['gwcTag'] as string;
    const cases = cxt.schema as Record<string, Json>;
    const valid = gen.let('valid', false);
    const apply = (keyword: string, schemaProp?: string): void => {
      const branch = gen.name('_valid');
      cxt.subschema(schemaProp === undefined ? { keyword } : { keyword, schemaProp }, branch);
      gen.assign(valid, branch);
    };
    const fail = (): void => {
      cxt.setParams({ tagName, tags: constant(cxt, Object.keys(cases)) });
      cxt.error(false);
    };
    const noObject = (parentSchema as Record<string, Json>)['gwcNoObject'];
    const noTag = (parentSchema as Record<string, Json>)['gwcNoTag'];
    gen.if(_`typeof ${data} == "object" && ${data} !== null && !Array.isArray(${data})`, () => {
      const own = tagName in Object.prototype ? _`${hasOwn(cxt)}.call(${data}, ${tagName}) ? ${data}${codegen.getProperty(tagName)} : undefined` : _`${data}${codegen.getProperty(tagName)}`;
      const tag = gen.const('tag', own);
      gen.if(false);
      for (const value of Object.keys(cases)) {
        gen.elseIf(_`${tag} === ${value}`);
        apply('gwcCases', value);
      }
      if (noTag !== undefined) {
        gen.elseIf(_`${tag} === undefined`);
        apply('gwcNoTag');
      }
      gen.else();
      if ((parentSchema as Record<string, Json>)['gwcDefault'] === undefined) fail();
      else apply('gwcDefault');
      gen.endIf();
    }, () => {
      if (noObject === undefined) gen.assign(valid, true);
      else apply('gwcNoObject');
    });
    cxt.ok(valid);
  },
};

const hasOwn = (cxt: KeywordCxt): Name => cxt.gen.scopeValue('func', { ref: Object.prototype.hasOwnProperty, code: _`Object.prototype.hasOwnProperty` });

const formatKeyword: CodeKeywordDefinition = {
  keyword: 'format',
  type: ['number', 'string'],
  schemaType: 'string',
  error: { message: '', params: ({ schema }) => _`{format: ${schema as string}}` },
  code(cxt, ruleType) {
    const format = FORMATS.get(cxt.schema as string);
    if (!format || format.check === null || format.type !== ruleType) return;
    cxt.pass(_`${runtimeFunction(cxt, 'formats', format.check)}(${cxt.data})`);
  },
};

const isScalar = (value: Json): value is string | number | boolean | null => typeof value !== 'object' || value === null;
const scalar = (value: string | number | boolean | null): Code => new codeText._Code(literal(value));

/** Equality to a value: `===` where that is enough. */
function equals(cxt: KeywordCxt, value: Json): Code {
  return isScalar(value) ? _`${cxt.data} === ${scalar(value)}` : _`${runtimeFunction(cxt, 'equal', 'equal')}(${cxt.data}, ${constant(cxt, value)})`;
}

const constKeyword: CodeKeywordDefinition = {
  keyword: 'const',
  error: { message: '', params: (cxt) => _`{allowedValue: ${isScalar(cxt.schema) ? scalar(cxt.schema) : constant(cxt as KeywordCxt, cxt.schema as Json)}}` },
  code(cxt) { cxt.pass(equals(cxt, cxt.schema as Json)); },
};

const enumKeyword: CodeKeywordDefinition = {
  keyword: 'enum',
  schemaType: 'array',
  error: { message: '', params: (cxt) => _`{allowedValues: ${constant(cxt as KeywordCxt, cxt.schema as Json)}}` },
  code(cxt) {
    const values = cxt.schema as readonly Json[];
    if (values.length === 0) return cxt.fail();
    if (values.length > 10 && values.every(isScalar)) {
      const set = constant(cxt, values, `new Set(${constant(cxt, values)})`);
      cxt.pass(_`${set}.has(${cxt.data})`);
    } else cxt.pass(codegen.or(...values.map((value) => equals(cxt, value))));
  },
};

const uniqueItems: CodeKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: { message: '', params: _`{}` },
  code(cxt) { if (cxt.schema === true) cxt.pass(_`${runtimeFunction(cxt, 'unique', 'areUnique')}(${cxt.data})`); },
};

/** Ajv's keeps an error per item that does not match until it has seen them all. */
const contains: CodeKeywordDefinition = {
  keyword: 'contains',
  type: 'array',
  schemaType: ['object', 'boolean'],
  before: 'uniqueItems',
  error: {
    message: '',
    params: ({ params }) => (params['max'] === undefined ? _`{minContains: ${params['min']}}` : _`{minContains: ${params['min']}, maxContains: ${params['max']}}`),
  },
  code(cxt) {
    const { gen, data } = cxt;
    const parent = cxt.parentSchema as Record<string, number | undefined>;
    const min = parent['minContains'] ?? 1;
    const max = parent['maxContains'];
    cxt.setParams({ min, max });
    if (min === 0 && max === undefined) return;
    const count = gen.let('count', 0);
    gen.forRange('i', 0, _`${data}.length`, (i) => {
      const matches = gen.name('_valid');
      // What does not match is no error: createErrors and allErrors off, and the count put back.
      const before = gen.const('before', N.errors);
      cxt.subschema({ keyword: 'contains', dataProp: i, dataPropType: util.Type.Num, compositeRule: true, createErrors: false, allErrors: false }, matches);
      gen.if(codegen.not(matches), () => resetErrors(cxt, before), () => gen.code(_`${count}++`));
    });
    cxt.pass(max === undefined ? _`${count} >= ${min}` : _`${count} >= ${min} && ${count} <= ${max}`);
  },
};

function resetErrors({ gen }: KeywordCxt, count: Name): void {
  gen.assign(N.errors, count);
  gen.if(_`${N.vErrors} !== null`, () => gen.if(count, () => gen.assign(_`${N.vErrors}.length`, count), () => gen.assign(N.vErrors, null)));
}

const additionalProperties: CodeKeywordDefinition = {
  keyword: 'additionalProperties',
  type: 'object',
  schemaType: ['boolean', 'object'],
  trackErrors: true,
  error: { message: '', params: ({ params }) => _`{additionalProperty: ${params['name'] as Name}}` },
  code(cxt) {
    const { gen, data, it, schema, errsCount } = cxt;
    if (util.alwaysValidSchema(it, schema)) return;
    const parent = cxt.parentSchema as Record<string, Record<string, Json> | undefined>;
    const known = Object.keys(parent['properties'] ?? {});
    const patterns = Object.keys(parent['patternProperties'] ?? {});
    gen.forIn('key', data, (key) => {
      let isKnown: Code = nil;
      if (known.length > 12) isKnown = _`${constant(cxt, known, `new Set(${literal(known)})`)}.has(${key})`;
      else if (known.length > 0) isKnown = codegen.or(...known.map((name) => _`${key} === ${name}`));
      if (patterns.length > 0) isKnown = codegen.or(isKnown, ...patterns.map((source) => _`${vocabularyCode.usePattern(cxt, source)}.test(${key})`));
      const check = (): void => {
        if (schema === false) {
          cxt.setParams({ name: key });
          cxt.error();
          if (!it.allErrors) gen.break();
        } else {
          const valid = gen.name('valid');
          cxt.subschema({ keyword: 'additionalProperties', dataProp: key, dataPropType: util.Type.Str }, valid);
          if (!it.allErrors) gen.if(codegen.not(valid), () => gen.break());
        }
      };
      if (isKnown === nil) check();
      else gen.if(codegen.not(isKnown), check);
    });
    cxt.ok(_`${errsCount as Name} === ${N.errors}`);
  },
};

/** The keyword's loops over the value end once it has reported MAX_ERRORS, so that a huge wrong value costs no more than a small one. */
function bounded(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  return {
    ...definition,
    code(cxt, ruleType) {
      const { gen, it } = cxt;
      if (!it.allErrors) return definition.code(cxt, ruleType);
      const first = gen.const('first', N.errors);
      const { forRange, forIn } = gen;
      const limited = (name: Name, body: (name: Name) => void): void => {
        Object.assign(gen, { forRange, forIn });
        body(name);
        Object.assign(gen, { forRange: limitedRange, forIn: limitedIn });
        gen.if(_`${N.errors} - ${first} >= ${MAX_ERRORS}`, () => gen.break());
      };
      const limitedRange: typeof gen.forRange = (name, from, to, body, kind) => forRange.call(gen, name, from, to, (index) => limited(index, body), kind);
      const limitedIn: typeof gen.forIn = (name, object, body, kind) => forIn.call(gen, name, object, (key) => limited(key, body), kind);
      Object.assign(gen, { forRange: limitedRange, forIn: limitedIn });
      definition.code(cxt, ruleType);
      Object.assign(gen, { forRange, forIn });
    },
  };
}

/** Property names that every object inherits are looked for on the object itself. */
function ownNames(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  return {
    ...definition,
    code(cxt, ruleType) {
      const { opts } = cxt.it;
      const schema = cxt.schema as object;
      const names = Array.isArray(schema) ? schema as string[] : Object.entries(schema).flatMap(([name, value]) => (Array.isArray(value) ? [name, ...value as string[]] : [name]));
      const before = opts.ownProperties;
      opts.ownProperties = names.some((name) => name in Object.prototype);
      definition.code(cxt, ruleType);
      opts.ownProperties = before;
    },
  };
}

/** The keyword, compiled by an Ajv that optimises at less cost. */
function atLessCost(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  return { ...definition, code: (cxt, ruleType) => {
    countNamesOnce(cxt.gen);
    definition.code(cxt, ruleType);
  } };
}

/** In the order in which Ajv tries the keywords of one schema. */
export function vocabulary(references: References): Vocabulary {
  return keywords(references).map((each) => (typeof each === 'object' && 'code' in each ? atLessCost(each) : each));
}

function keywords(references: References): Vocabulary {
  const theirs = (module: { default: unknown }): CodeKeywordDefinition => module.default as CodeKeywordDefinition;
  return [
    // Ajv checks types by itself, but only a known keyword makes a schema one that checks something.
    { keyword: 'type', schemaType: ['string', 'array'] },
    refKeyword(references),
    { ...theirs(limitNumber) }, { ...theirs(multipleOf) }, { ...theirs(limitLength) }, theirs(pattern), theirs(limitProperties), ownNames(theirs(required)),
    theirs(limitItems), uniqueItems, constKeyword, enumKeyword, formatKeyword, ownNames(theirs(dependentRequired)),
    'gwcTag', 'gwcPlan', 'gwcNoTag', 'gwcNoObject', 'gwcDefault', 'minContains', 'maxContains',
    theirs(notKeyword), theirs(anyOf), theirs(oneOf), theirs(allOf), theirs(ifThenElse), ...[thenElse.default].flat() as CodeKeywordDefinition[], casesKeyword,
    theirs(prefixItems), bounded(theirs(items)), contains, ownNames(theirs(dependentSchemas)),
    bounded(theirs(propertyNames)), bounded(additionalProperties), ownNames(theirs(properties)), bounded(theirs(patternProperties)),
    bounded(unevaluated('unevaluatedItems', references)), bounded(unevaluated('unevaluatedProperties', references)),
  ];
}

