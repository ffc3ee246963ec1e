/** Rules of the OWASP CRS as code: each distinct list of transformed texts once per request, each rule one function. */
import { code, helper, join, type Code } from '../../code.js';
import type { CrsCheck, CrsLink, CrsOperator, CrsRule, CrsRuleSet, CrsSelector, CrsText, CrsTransformation, CrsVariable } from '../../crs/ir.js';
import { emitDynamicRule } from './emit-crs-dynamic.js';
import type { Unit } from '../../feature.js';
import { emitAddresses } from './emit-addresses.js';
import { rangesOf } from './read-addresses.js';
import { REQUEST, slotOf, TRANSFORMATIONS } from './emit-inspection.js';
import { emitPattern } from './emit-pattern.js';

const crs = helper<typeof import('../../../runtime/waf/crs.js')>();
const pairsOf = helper<typeof import('../../../runtime/waf/crs-pairs.js')>();
const collections = helper<typeof import('../../../runtime/waf/crs-collections.js')>();
const request = helper<typeof import('../../../runtime/waf/crs-request-fields.js')>();
const fields = helper<typeof import('../../../runtime/waf/fields.js')>();
const ipSet = helper<typeof import('../../../runtime/waf/ip-set.js')>();
const address = helper<typeof import('../../../runtime/waf/address.js')>();
const sql = helper<typeof import('../../../runtime/waf/injection/sql.js')>();
const html = helper<typeof import('../../../runtime/waf/injection/html.js')>();
const phrases = helper<typeof import('../../../runtime/waf/phrases.js')>();

const OWN: Readonly<Record<CrsTransformation, Code>> = {
  lowercase: TRANSFORMATIONS.LOWERCASE, urlDecode: TRANSFORMATIONS.URL_DECODE, urlDecodeUni: TRANSFORMATIONS.URL_DECODE_UNI, htmlEntityDecode: TRANSFORMATIONS.HTML_ENTITY_DECODE, jsDecode: TRANSFORMATIONS.JS_DECODE,
  cssDecode: TRANSFORMATIONS.CSS_DECODE, removeNulls: TRANSFORMATIONS.REMOVE_NULLS, replaceNulls: TRANSFORMATIONS.REPLACE_NULLS, compressWhitespace: TRANSFORMATIONS.COMPRESS_WHITE_SPACE, replaceComments: TRANSFORMATIONS.REPLACE_COMMENTS,
  normalizePath: TRANSFORMATIONS.NORMALIZE_PATH, normalizePathWin: TRANSFORMATIONS.NORMALIZE_PATH_WIN, cmdLine: TRANSFORMATIONS.CMD_LINE, base64Decode: TRANSFORMATIONS.BASE64_DECODE, base64DecodeExt: TRANSFORMATIONS.BASE64_DECODE_EXT,
  hexDecode: TRANSFORMATIONS.HEX_DECODE, escapeSeqDecode: TRANSFORMATIONS.ESCAPE_SEQ_DECODE, sqlHexDecode: TRANSFORMATIONS.SQL_HEX_DECODE, utf8toUnicode: TRANSFORMATIONS.UTF8_TO_UNICODE, md5: TRANSFORMATIONS.MD5,
  removeWhitespace: code`${crs('waf/crs', 'removeWhiteSpace')}`, length: code`${crs('waf/crs', 'lengthOf')}`,
};

/** SqliMatch and XssMatch: `text => boolean`, any of the checks. Texts are transformed once for all checks that ask for the same. */
export function emitChecks(checks: readonly CrsCheck[], unit: Unit): Code {
  const groups = new Map<string, CrsCheck[]>();
  for (const check of checks) {
    const key = JSON.stringify([check.transformations, check.isMulti]);
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  const statements = [...groups.values()].map((group) => {
    const { transformations, isMulti } = group[0]!;
    const tests = join(group.map(({ operator }) => emitOperator(operator, code`each`, unit)), ' || ');
    const finds = unit.func(`finds ${group.map(({ id }) => id).join(' ').slice(0, 40)}`, code`each: string`, code`boolean`, code`return ${tests};`);
    const steps = isMulti ? code`${fields('waf/fields', 'some')}(${crs('waf/crs', 'everyStep')}([text], [${join(transformations.map((each) => OWN[each]), ', ')}]), ${finds})` : code`${finds}(${composed(code`text`, transformations)})`;
    return code`if (${steps}) return true;`;
  });
  return unit.func('isAttack', code`text: string`, code`boolean`, join([...statements, code`return false;`], '\n'));
}

/** The whole set: does the anomaly score reach the threshold? */
export function emitCrsRules({ rules, conditions, threshold }: CrsRuleSet, unit: Unit): Code {
  const holdsOf = (rule: CrsRule): Code => (rule.isDynamic ? emitDynamicRule(rule, unit) : code`(${emitRule(rule, unit)})`);
  const used = new Set(rules.flatMap(({ offBy, variants }) => [...offBy, ...variants.flatMap(({ when }) => when)]));
  const excluded = conditions.flatMap((condition, index) => (used.has(index) ? [code`const excluded${index} = ${holdsOf(condition)};`] : []));
  const statements = rules.map((rule) => {
    const all = (places: readonly number[], operator: ' && ' | ' || '): Code => join(places.map((place) => code`excluded${place}`), operator);
    const asItIs = rule.variants.reduceRight((otherwise, { when, rule: narrowed }) => code`(${all(when, ' && ')} ? ${narrowed === null ? code`false` : holdsOf(narrowed)} : ${otherwise})`, holdsOf(rule));
    const holds = rule.offBy.length === 0 ? asItIs : code`!(${all(rule.offBy, ' || ')}) && ${asItIs}`;
    // Some only set variables.
    return rule.score === 0 ? code`${holds};` : code`if (${holds}) score += ${crs('waf/crs', 'fired')}(request, ${rule.id}, ${rule.score});`;
  });
  return code`${unit.func('crs score', REQUEST, code`number`, join([code`let score = 0;`, ...excluded, ...statements, code`return score;`], '\n'))}(request) >= ${threshold}`;
}

function emitRule({ links }: CrsRule, unit: Unit): Code {
  let texts = code`[]`, test = code``;
  return join(links.map((link) => {
    texts = link.variables[0]!.kind === 'matched' ? transformedList(code`${texts}.filter(${test})`, link) : emitTexts(link, unit);
    const operator = emitOperator(link.operator, code`text`, unit);
    test = unit.func('finds', code`text: string`, code`boolean`, code`return ${link.isNegated ? code`!(${operator})` : operator};`);
    return code`${fields('waf/fields', 'some')}(${texts}, ${test})`;
  }), ' && ');
}

function emitTexts(link: CrsLink, unit: Unit): Code {
  const { variables, transformations, isMulti } = link;
  const slot = slotOf(['crs', variables, transformations, isMulti], unit);
  const lists = variables.map((variable) => code`...${emitVariable(variable, unit)}`);
  const list = transformedList(code`[${join(lists, ', ')}]`, link);
  return code`${unit.func('crs texts', REQUEST, code`readonly string[]`, code`return request.lists[${slot}] ??= ${list};`)}(request)`;
}

function transformedList(plain: Code, { transformations, isMulti }: CrsLink): Code {
  if (isMulti) return code`${crs('waf/crs', 'everyStep')}(${plain}, [${join(transformations.map((each) => OWN[each]), ', ')}])`;
  return transformations.length === 0 ? plain : code`${plain}.map((text) => ${composed(code`text`, transformations)})`;
}

export function composed(text: Code, transformations: readonly CrsTransformation[]): Code {
  return transformations.reduce((inner, each) => code`${OWN[each]}(${inner})`, text);
}

function emitVariable(variable: CrsVariable, unit: Unit): Code {
  if (variable.kind === 'matched' || variable.kind === 'tx') return code`[]`;
  if (variable.kind === 'xml') return code`${collections('waf/crs-collections', 'xmlTexts')}(request)`;
  if (variable.kind === 'single') return code`[${emitSingle(variable.of)}]`;
  return code`${pairsOf('waf/crs-pairs', variable.take)}(${emitSelected(variable, unit)})`;
}

/** The collection, but for what is selected otherwise. */
export function emitSelected(variable: CrsVariable & { kind: 'pairs' }, unit: Unit): Code {
  let pairs = emitPairs(variable.of);
  if (variable.only) pairs = code`${select(variable.only, 'named', 'namedLike', pairs, unit)}`;
  for (const each of variable.except) pairs = select(each, 'exceptNamed', 'exceptNamedLike', pairs, unit);
  return pairs;
}

function select(selector: CrsSelector, byName: 'named' | 'exceptNamed', byPattern: 'namedLike' | 'exceptNamedLike', pairs: Code, unit: Unit): Code {
  return 'name' in selector ? code`${pairsOf('waf/crs-pairs', byName)}(${pairs}, ${selector.name})` : code`${pairsOf('waf/crs-pairs', byPattern)}(${pairs}, ${emitPattern(selector.pattern, unit)})`;
}

function emitPairs(of: (CrsVariable & { kind: 'pairs' })['of']): Code {
  switch (of) {
    case 'ARGS': return code`${collections('waf/crs-collections', 'allArguments')}(request)`;
    case 'ARGS_GET': return code`${collections('waf/crs-collections', 'argumentsOfQuery')}(request)`;
    case 'ARGS_POST': return code`${collections('waf/crs-collections', 'argumentsOfBody')}(request)`;
    case 'REQUEST_HEADERS': return code`${collections('waf/crs-collections', 'requestHeaders')}(request)`;
    case 'REQUEST_COOKIES': return code`${collections('waf/crs-collections', 'requestCookies')}(request)`;
    case 'FILES': return code`${collections('waf/crs-collections', 'files')}(request)`;
    case 'MULTIPART_PART_HEADERS': return code`${collections('waf/crs-collections', 'partHeaders')}(request)`;
  }
}

export function emitSingle(of: (CrsVariable & { kind: 'single' })['of']): Code {
  switch (of) {
    case 'REQUEST_URI': return code`${request('waf/crs-request-fields', 'requestUri')}(request)`;
    case 'REQUEST_URI_RAW': return code`${request('waf/crs-request-fields', 'rawUri')}(request)`;
    case 'REQUEST_FILENAME': return code`${request('waf/crs-request-fields', 'requestFilename')}(request)`;
    case 'REQUEST_BASENAME': return code`${request('waf/crs-request-fields', 'requestBasename')}(request)`;
    case 'REQUEST_LINE': return code`${request('waf/crs-request-fields', 'requestLine')}(request)`;
    case 'REQUEST_METHOD': return code`${request('waf/crs-request-fields', 'requestMethod')}(request)`;
    case 'REQUEST_PROTOCOL': return code`request.exchange.connection.protocol`;
    case 'REQUEST_BODY': return code`request.body`;
    case 'QUERY_STRING': return code`${fields('waf/fields', 'queryString')}(request)`;
    case 'REMOTE_ADDR': return code`request.exchange.connection.remoteAddress`;
    case 'ARGS_COMBINED_SIZE': return code`${collections('waf/crs-collections', 'argumentsCombinedSize')}(request)`;
    case 'FILES_COMBINED_SIZE': return code`${collections('waf/crs-collections', 'filesCombinedSize')}(request)`;
  }
}

export function emitOperator(operator: CrsOperator, text: Code, unit: Unit): Code {
  const number = crs('waf/crs', 'numberOf');
  switch (operator.kind) {
    case 'rx': return code`${emitPattern(operator.pattern, unit)}.test(${text})`;
    case 'pm': return code`${unit.constant('PHRASES', code`/* @__PURE__ */ ${phrases('waf/phrases', 'anyPhrase')}(${operator.phrases})`)}.test(${text})`;
    case 'contains': return code`${text}.includes(${emitText(operator.text)})`;
    case 'streq': return code`${text} === ${emitText(operator.text)}`;
    case 'beginsWith': return code`${text}.startsWith(${emitText(operator.text)})`;
    case 'endsWith': return code`${text}.endsWith(${emitText(operator.text)})`;
    // The text is somewhere in the argument.
    case 'within': return code`${emitText(operator.text)}.includes(${text})`;
    case 'eq': case 'gt': case 'ge': case 'lt': case 'le': {
      const argument = typeof operator.number === 'number' ? code`${operator.number}` : code`${number}(${emitText(operator.number)})`;
      return code`${number}(${text}) ${COMPARISONS[operator.kind]} ${argument}`;
    }
    case 'ip': return code`${ipSet('waf/ip-set', 'isInSet')}(${address('waf/address', 'parseAddress')}(${text}), ${emitAddresses(rangesOf(operator.ranges), unit)})`;
    case 'sqlInjection': return code`${sql('waf/injection/sql', 'isSqlInjection')}(${text})`;
    case 'maybeSqlInjection': return code`${sql('waf/injection/sql', 'maybeSqlInjection')}(${text})`;
    case 'crossSiteScripting': return code`${html('waf/injection/html', 'isCrossSiteScripting')}(${text})`;
    case 'noUtf8': return code`${crs('waf/crs', 'isNoUtf8')}(${text})`;
  }
}

const COMPARISONS = { eq: code`===`, gt: code`>`, ge: code`>=`, lt: code`<`, le: code`<=` } as const;

/** Macros need `tx: Variables`, `name` and `text` in scope. */
export function emitText(parts: CrsText): Code {
  if (parts.every((part) => typeof part === 'string')) return code`${parts.join('')}`;
  return code`(${join(parts.map((part) => {
    if (typeof part === 'string') return code`${part}`;
    if ('tx' in part) return code`(tx.get(${part.tx}) ?? "")`;
    if ('header' in part) return code`(request.exchange.head.get(${part.header}) ?? "")`;
    return part.matched === 'name' ? code`name` : code`text`;
  }), ' + ')})`;
}
