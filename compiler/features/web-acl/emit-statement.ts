/** Statements as boolean expressions over `request: WafRequest`. */
import { code, helper, join, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import { emitAddresses } from './emit-addresses.js';
import { emitChecks, emitCrsRules } from './emit-crs.js';
import { emitPattern } from './emit-pattern.js';
import { emitTexts, isList, needsBody, transformed, withLimits } from './emit-inspection.js';
import type { AddressFile, GeoSource, Inspection, KeyPart, Statement } from './ir.js';

const fields = helper<typeof import('../../../runtime/waf/fields.js')>();
const words = helper<typeof import('../../../runtime/waf/words.js')>();
const patternModule = helper<typeof import('../../../runtime/waf/pattern.js')>();
const requestModule = helper<typeof import('../../../runtime/waf/request.js')>();
const ipSet = helper<typeof import('../../../runtime/waf/ip-set.js')>();
const geo = helper<typeof import('../../../runtime/waf/geo.js')>();
const geoFiles = helper<typeof import('../../../runtime/waf/geo-database.js')>();
const asns = helper<typeof import('../../../runtime/waf/asn-database.js')>();
const databases = helper<typeof import('../../../runtime/waf/address-database.js')>();
const rate = helper<typeof import('../../../runtime/waf/rate.js')>();
const sharedRates = helper<typeof import('../../../runtime/waf/shared-rates.js')>();
const relay = helper<typeof import('../../../runtime/waf/rate-relay.js')>();
const cookie = helper<typeof import('../../../runtime/parameters/cookie.js')>();
const OPERATORS = { EQ: code`===`, NE: code`!==`, LE: code`<=`, LT: code`<`, GE: code`>=`, GT: code`>` } as const;

/** Does any of it look at the body? */
export function looksAtBody(statement: Statement): boolean {
  switch (statement.kind) {
    case 'and': case 'or': return statement.statements.some(looksAtBody);
    case 'not': return looksAtBody(statement.statement);
    case 'rate': return statement.scope !== null && looksAtBody(statement.scope);
    case 'crsRules': return true;
    default: return 'in' in statement && needsBody(statement.in.field);
  }
}

/** Where addresses are. */
export interface AddressSources { readonly geo: GeoSource | null; readonly asn: AddressFile | null }

export function emitStatement(statement: Statement, sources: AddressSources, unit: Unit): Code {
  const nested = (each: Statement): Code => emitStatement(each, sources, unit);
  switch (statement.kind) {
    case 'and': return code`(${join(statement.statements.map(nested), ' && ')})`;
    case 'or': return code`(${join(statement.statements.map(nested), ' || ')})`;
    case 'not': return code`!(${nested(statement.statement)})`;
    case 'byteMatch': return emitTest(statement.in, 'finds', (text) => emitByteMatch(text, statement.search, statement.position), unit);
    case 'patterns': {
      const patterns = statement.patterns.map((pattern) => emitPattern(pattern, unit));
      return emitTest(statement.in, 'matches', (text) => (patterns.length === 1 ? code`${patterns[0]!}.test(${text})` : code`${patternModule('waf/pattern', 'matchesAny')}(${text}, ${unit.constant('PATTERNS', code`[${join(patterns, ', ')}]`)})`), unit);
    }
    case 'size': return emitTest(statement.in, 'size', (text) => code`${text}.length ${OPERATORS[statement.operator]} ${statement.size}`, unit);
    case 'crs': { const isAttack = emitChecks(statement.checks, unit); return emitTest(statement.in, 'attacks', (text) => code`${isAttack}(${text})`, unit); }
    case 'crsRules': return emitCrsRules(statement.rules, unit);
    case 'ipSet': {
      const set = emitAddresses(statement.set, unit);
      const { forwarded } = statement;
      return forwarded === null ? code`${ipSet('waf/ip-set', 'clientIsIn')}(request, ${set})` : code`${ipSet('waf/ip-set', 'forwardedIsIn')}(request, ${set}, ${forwarded.header}, ${forwarded.position}, ${forwarded.fallback})`;
    }
    case 'geo': {
      const codes = unit.constant('COUNTRIES', code`${statement.codes}`);
      const source = sources.geo!;
      if (source.kind === 'file') return emitGeoByFile(statement, source, codes, unit);
      if (source.kind === 'header') return code`${geo('waf/geo', 'isFromByField')}(request, ${source.name}, ${codes})`;
      const table = emitGeoTable(source, unit);
      const { forwarded } = statement;
      return forwarded === null ? code`${geo('waf/geo', 'isFromByTable')}(request, ${table}, ${codes})` : code`${geo('waf/geo', 'isFromForwarded')}(request, ${table}, ${codes}, ${forwarded.header}, ${forwarded.fallback})`;
    }
    case 'asn': {
      const database = emitAsnDatabase(sources, unit);
      const { forwarded, numbers } = statement;
      return forwarded === null ? code`${asns('waf/asn-database', 'isOfNetwork')}(request, ${database}, ${numbers})` : code`${asns('waf/asn-database', 'isOfForwardedNetwork')}(request, ${database}, ${numbers}, ${forwarded.header}, ${forwarded.fallback})`;
    }
    case 'label': return code`${requestModule('waf/request', statement.scope === 'LABEL' ? 'hasLabel' : 'hasLabelIn')}(request, ${statement.prefix}, ${statement.key})`;
    case 'rate': return emitRate(statement, sources, unit);
  }
}

function emitTest(where: Inspection, hint: string, test: (text: Code) => Code, unit: Unit): Code {
  const texts = emitTexts(where, unit);
  if (!isList(where.field)) return withLimits(where.field, test(texts));
  const finds = unit.func(hint, code`text: string`, code`boolean`, code`return ${test(code`text`)};`);
  return withLimits(where.field, code`${fields('waf/fields', 'some')}(${texts}, ${finds})`);
}

function emitByteMatch(text: Code, search: string, position: string): Code {
  switch (position) {
    case 'EXACTLY': return code`${text} === ${search}`;
    case 'STARTS_WITH': return code`${text}.startsWith(${search})`;
    case 'ENDS_WITH': return code`${text}.endsWith(${search})`;
    case 'CONTAINS': return code`${text}.includes(${search})`;
    default: return code`${words('waf/words', 'containsWord')}(${text}, ${search})`;
  }
}

function emitGeoTable({ codes, ranges, ranges6 }: GeoSource & { kind: 'table' }, unit: Unit): Code {
  const packed = Buffer.alloc(ranges.length * 10);
  ranges.forEach(([start, end, country], index) => {
    packed.writeUInt32BE(start, index * 4);
    packed.writeUInt32BE(end, (ranges.length + index) * 4);
    packed.writeUInt16BE(country, ranges.length * 8 + index * 2);
  });
  return unit.constant('COUNTRY_OF', code`/* @__PURE__ */ ${geo('waf/geo', 'geoTable')}(${codes}, ${packed.toString('base64')}, ${ranges6.map(([start]) => start)}, ${ranges6.map(([, end]) => end)}, ${ranges6.map(([, , country]) => country)})`);
}

function emitGeoByFile({ forwarded }: Statement & { kind: 'geo' }, { path }: GeoSource & { kind: 'file' }, codes: Code, unit: Unit): Code {
  const database = unit.constant('GEO_DATABASE', code`/* @__PURE__ */ ${geoFiles('waf/geo-database', 'geoDatabase')}(${path})`);
  unit.flag(code`${databases('waf/address-database', 'GEO_DATABASE_FLAG')}`);
  unit.atStart(code`${database}.open(state, options.environment ?? process.env, options.given);`);
  return forwarded === null ? code`${geoFiles('waf/geo-database', 'isFromByDatabase')}(request, ${database}, ${codes})` : code`${geoFiles('waf/geo-database', 'isFromForwardedByDatabase')}(request, ${database}, ${codes}, ${forwarded.header}, ${forwarded.fallback})`;
}

function emitAsnDatabase({ asn }: AddressSources, unit: Unit): Code {
  const database = unit.constant('ASN_DATABASE', code`/* @__PURE__ */ ${asns('waf/asn-database', 'asnDatabase')}(${asn!.path})`);
  unit.flag(code`${databases('waf/address-database', 'ASN_DATABASE_FLAG')}`);
  unit.atStart(code`${database}.open(state, options.environment ?? process.env, options.given);`);
  return database;
}

function emitRate(statement: Statement & { kind: 'rate' }, sources: AddressSources, unit: Unit): Code {
  const { key, scope, limit, window } = statement;
  const counter = unit.constant('RATE', code`/* @__PURE__ */ ${rate('waf/rate', 'rateCounter')}(${statement.id}, ${limit}, ${window})`);
  const shared = unit.constant('SHARED_RATES', code`/* @__PURE__ */ ${sharedRates('waf/shared-rates', 'sharedRates')}()`);
  unit.atStart(code`${shared}.share(${counter}, options.primary);`);
  unit.atClose(code`() => ${shared}.end()`);
  unit.atPrimary(code`${relay('waf/rate-relay', 'relayRates')}(cluster);`);
  const isAbove = code`${rate('waf/rate', 'isAboveRate')}`;
  const test = key.kind === 'constant' ? code`${isAbove}(${counter}, "")`
    : key.kind === 'ip' ? code`${isAbove}(${counter}, ${rate('waf/rate', 'clientKey')}(request))`
    : key.kind === 'forwarded' ? code`${rate('waf/rate', 'isAboveForwardedRate')}(${counter}, ${rate('waf/rate', 'forwardedKey')}(request, ${key.header}), ${key.fallback})`
    : code`${isAbove}(${counter}, ${rate('waf/rate', 'customKey')}([${join(key.parts.map((part) => emitKeyPart(part, sources, unit)), ', ')}]))`;
  return scope === null ? test : code`(${emitStatement(scope, sources, unit)} && ${test})`;
}

function emitKeyPart(part: KeyPart, sources: AddressSources, unit: Unit): Code {
  switch (part.kind) {
    case 'ip': return code`${rate('waf/rate', 'clientKey')}(request)`;
    case 'forwarded': return code`${rate('waf/rate', 'forwardedKey')}(request, ${part.header})`;
    case 'method': return code`request.exchange.method`;
    case 'asn': return code`${asns('waf/asn-database', 'networkKey')}(request, ${emitAsnDatabase(sources, unit)})`;
    case 'label': return code`${rate('waf/rate', 'labelKey')}(request, ${part.namespace})`;
    case 'cookie': return code`${rate('waf/rate', 'mapped')}(${cookie('parameters/cookie', 'cookieValue')}(request.exchange, ${part.name}), (text) => ${transformed(code`text`, part.transformations)})`;
    case 'text': return isList(part.in.field) ? code`${rate('waf/rate', 'joinedKey')}(${emitTexts(part.in, unit)})` : emitTexts(part.in, unit);
  }
}
