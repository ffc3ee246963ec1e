/**
 * Reads path variables out of the request target, when somebody asks for one. Values are the bytes as received, percent-encoding
 * kept, as Latin-1 text. `offset` is where, counted from the path's start, some segment starts; `skip` segments are passed over from
 * there. A path that has no such segment gives ''.
 *
 * Generated handlers run less often than what they call, so the calls are short and the work is here. The `lenient` functions are
 * for REST APIs, which take a run of slashes at the start for one and ignore one at the end [R].
 */
import type { Exchange } from '../exchange.js';
import { indexOfText, matchesText, segmentEnd } from '../path-match.js';

/** A whole segment, `{name}`. */
export function pathSegment(exchange: Exchange, offset: number, skip: number): string {
  return segmentFrom(exchange, exchange.pathStart + offset, skip);
}

export function lenientPathSegment(exchange: Exchange, offset: number, skip: number): string {
  return segmentFrom(exchange, collapsedPathStart(exchange) + offset, skip);
}

/** The rest of the path, `{name+}`. */
export function pathRest(exchange: Exchange, offset: number, skip: number): string {
  return restFrom(exchange, exchange.pathStart + offset, skip, exchange.pathEnd);
}

export function lenientPathRest(exchange: Exchange, offset: number, skip: number): string {
  const { target, pathEnd } = exchange;
  return restFrom(exchange, collapsedPathStart(exchange) + offset, skip, target[pathEnd - 1] === 0x2f ? pathEnd - 1 : pathEnd);
}

/**
 * The variable number `index` of a segment such as `{base}...{head}`. `forms`: the literals before, between and after the variables,
 * in the notation of `indexOfText`, once for each way in which clients may send them.
 */
export function mixedPathVariable(exchange: Exchange, offset: number, skip: number, forms: readonly (readonly string[])[], index: number): string {
  return mixedFrom(exchange, exchange.pathStart + offset, skip, forms, index);
}

export function lenientMixedPathVariable(exchange: Exchange, offset: number, skip: number, forms: readonly (readonly string[])[], index: number): string {
  return mixedFrom(exchange, collapsedPathStart(exchange) + offset, skip, forms, index);
}

function collapsedPathStart({ target, pathStart, pathEnd }: Exchange): number {
  while (pathStart + 1 < pathEnd && target[pathStart + 1] === 0x2f) pathStart++;
  return pathStart;
}

function segmentFrom({ target, pathEnd }: Exchange, from: number, skip: number): string {
  const start = skipSegments(target, from, pathEnd, skip);
  return latin1(target, start, segmentEnd(target, start, pathEnd));
}

function restFrom({ target }: Exchange, from: number, skip: number, end: number): string {
  return latin1(target, skipSegments(target, from, end, skip), end);
}

function mixedFrom({ target, pathEnd }: Exchange, from: number, skip: number, forms: readonly (readonly string[])[], index: number): string {
  const start = skipSegments(target, from, pathEnd, skip);
  const end = segmentEnd(target, start, pathEnd);
  for (const literals of forms) {
    const value = mixedVariable(target, start, end, literals, index);
    if (value !== '') return value;
  }
  return '';
}

function mixedVariable(target: Uint8Array, start: number, end: number, literals: readonly string[], index: number): string {
  const suffix = literals[literals.length - 1]!;
  let at = start + literals[0]!.length;
  const last = end - suffix.length;
  if (at >= last || !matchesText(target, start, literals[0]!) || !matchesText(target, last, suffix)) return '';
  for (let variable = 0; ; variable++) {
    const stop = variable === literals.length - 2 ? last : indexOfText(target, at + 1, last - 1, literals[variable + 1]!);
    if (stop < 0) return '';
    if (variable === index) return latin1(target, at, stop);
    at = stop + literals[variable + 1]!.length;
  }
}

function skipSegments(target: Uint8Array, from: number, end: number, count: number): number {
  for (; count > 0; count--) from = segmentEnd(target, from, end) + 1;
  return from;
}

/** Short values, which are usual, are put together here: a call into the buffer's native decoder costs more than they do. */
function latin1(target: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return Buffer.from(target.buffer, target.byteOffset + start, end - start).toString('latin1');
  let text = '';
  for (; start + 8 <= end; start += 8) {
    text += String.fromCharCode(target[start]!, target[start + 1]!, target[start + 2]!, target[start + 3]!, target[start + 4]!, target[start + 5]!, target[start + 6]!, target[start + 7]!);
  }
  for (; start + 4 <= end; start += 4) text += String.fromCharCode(target[start]!, target[start + 1]!, target[start + 2]!, target[start + 3]!);
  for (; start < end; start++) text += String.fromCharCode(target[start]!);
  return text;
}
