/** Where countries of addresses come from: `geo: {header}`, `geo: {database}` or `geo: {mmdb}`; and their autonomous systems: `asn: {mmdb}`. */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Node } from '../../1-load/node.js';
import { readText } from '../../1-load/read-file.js';
import type { Sources } from '../../diagnostics/locate.js';
import type { Reporter } from '../../diagnostics/report.js';
import { parseAddress, type Address } from '../../../runtime/waf/address.js';
import { NO_GEO_SOURCE } from './diagnostics.js';
import type { AddressFile, GeoSource } from './ir.js';
import { rangeOf } from './read-addresses.js';

/** `wanted`: countries that rules ask for; null: all of them. */
export function readGeo(node: Node, wanted: ReadonlySet<string> | null, allowOutside: boolean, reporter: Reporter): GeoSource | undefined {
  const fail = (at: Node, problem: string): undefined => { reporter.report(NO_GEO_SOURCE, at.origin, { problem }); return undefined; };
  for (const [name, member] of node.entries()) if (name !== 'header' && name !== 'database' && name !== 'mmdb') fail(member, `geo has header, database or mmdb, not ${name.slice(0, 100)}`);
  const header = node.at('header'), database = node.at('database');
  if ([header, database, node.at('mmdb')].filter((each) => each !== undefined).length !== 1) return fail(node, 'geo needs one of header, database and mmdb');
  const file = node.at('mmdb') && readAddressFile(node, ['mmdb'], NO_GEO_SOURCE, reporter);
  if (node.at('mmdb')) return file && { kind: 'file', ...file };
  if (header) return typeof header.value === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header.value) ? { kind: 'header', name: header.value.toLowerCase() } : fail(header, 'geo.header must name a field');
  if (typeof database!.value !== 'string' || database!.value === '') return fail(database!, 'geo.database must name a CSV file');
  const root = dirname(database!.document.entry);
  const path = resolve(dirname(database!.file), database!.value);
  if (!allowOutside && !isInside(root, path)) return fail(database!, `${database!.value} is outside of the document's folder`);
  const sources = (database!.document as unknown as { readonly sources?: Sources }).sources;
  const text = sources && readText(path, database!.value, database!.origin, sources, reporter);
  if (text === undefined) return undefined;
  return parseTable(text, wanted, (line, problem) => fail(database!, `${database!.value}, line ${line}: ${problem}`));
}

/** `mmdb: FILE`, or `true` where it is given at start. The file is the running gateway's, not the build's. */
export function readAddressFile(node: Node, known: readonly string[], definition: typeof NO_GEO_SOURCE, reporter: Reporter): AddressFile | undefined {
  const fail = (at: Node, problem: string): undefined => { reporter.report(definition, at.origin, { problem }); return undefined; };
  for (const [name, member] of node.entries()) if (!known.includes(name)) return fail(member, `it has ${known.join(' and ')}, not ${name.slice(0, 100)}`);
  const file = node.at('mmdb');
  if (file?.value === true) return { path: null };
  return typeof file?.value === 'string' && file.value !== '' && !file.value.includes('\0') ? { path: file.value } : fail(file ?? node, 'mmdb is the file that the gateway reads at start, or true where an option names it');
}

function isInside(root: string, path: string): boolean {
  const below = (from: string, to: string): boolean => !relative(from, to).startsWith('..') && !isAbsolute(relative(from, to));
  if (!below(root, path)) return false;
  try { return below(realpathSync(root), realpathSync(path)); } catch { return true; }
}

function parseTable(text: string, wanted: ReadonlySet<string> | null, fail: (line: number, problem: string) => undefined): GeoSource | undefined {
  const places = new Map<string, number>();
  const ranges: [number, number, number][] = [], ranges6: [string, string, number][] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const cells = raw.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (raw.trim() === '' || raw.startsWith('#')) continue;
    const range = cells.length === 3 ? pair(cells[0]!, cells[1]!) : cells.length === 2 ? rangeOf(cells[0]!) : undefined;
    // A first line of names is how such files begin.
    if (!range && index === 0) continue;
    if (!range) return fail(index + 1, 'write network,country or first,last,country');
    const country = cells.at(-1)!.toUpperCase();
    if (!/^[A-Z]{2}$/.test(country)) return fail(index + 1, `${country.slice(0, 20)} is no two-letter country`);
    if (wanted !== null && !wanted.has(country)) continue;
    let place = places.get(country);
    if (place === undefined) places.set(country, (place = places.size));
    if (typeof range[0] === 'number') ranges.push([range[0], range[1] as number, place]);
    else ranges6.push([range[0], range[1] as string, place]);
  }
  const byStart = <T>([a]: readonly [T, T, number], [b]: readonly [T, T, number]): number => (a < b ? -1 : a > b ? 1 : 0);
  ranges.sort(byStart);
  ranges6.sort(byStart);
  for (const list of [ranges, ranges6]) for (let i = 1; i < list.length; i++) if (list[i]![0] <= list[i - 1]![1]) return fail(1, 'two of its ranges overlap');
  return { kind: 'table', codes: [...places.keys()], ranges, ranges6 };
}

function pair(first: string, last: string): [number, number] | [string, string] | undefined {
  const from: Address | null = parseAddress(first), to = parseAddress(last);
  if (from === null || to === null || typeof from !== typeof to || from > to) return undefined;
  return [from, to] as [number, number] | [string, string];
}
