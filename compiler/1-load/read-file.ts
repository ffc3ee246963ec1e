import { isUtf8 } from 'node:buffer';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Reporter } from '../diagnostics/report.js';
import type { Origin } from '../diagnostics/define.js';
import type { Sources } from '../diagnostics/locate.js';
import { closest } from '../diagnostics/suggest.js';
import * as diagnostics from './diagnostics.js';

export const MAX_FILE_BYTES = 64_000_000;
const ENTRY_NAMES = ['openapi.yaml', 'openapi.yml', 'openapi.json', 'swagger.yaml', 'swagger.json', 'api.yaml', 'spec.yaml'];

/** The file's text without byte order mark; undefined (and reported at `origin`) when it is no readable text. The text is added to `sources`. */
export function readText(path: string, named: string, origin: Origin, sources: Sources, reporter: Reporter): string | undefined {
  sources.sought.add(path);
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) {
      reporter.report(diagnostics.tooLarge, { file: path, pointer: '' }, { bytes: size, limit: MAX_FILE_BYTES });
      return undefined;
    }
    bytes = readFileSync(path);
  } catch (error) {
    reporter.report(diagnostics.cannotRead, origin, { path: named, ...readFailure(path, error) });
    return undefined;
  }
  return textOf(path, bytes, sources, reporter);
}

/** The bytes of a file as text; undefined (and reported) when they are none. The text is added to `sources`. */
export function textOf(path: string, bytes: Buffer, sources: Sources, reporter: Reporter): string | undefined {
  const { text, fault } = decode(bytes);
  sources.add({ path, text });
  if (!fault) return text;
  reporter.report(diagnostics.notText, { file: path, pointer: '', span: [fault.at, fault.at + 1] }, { found: fault.found });
  return undefined;
}

/** Why a file could not be opened, in words, and what was probably meant. */
export function readFailure(path: string, error: unknown): { reason: string; hint?: string } {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const similar = closest(basename(path), listFolder(join(path, '..')));
    return { reason: 'no such file', hint: similar === undefined ? undefined : `did you mean '${similar}'?` };
  }
  if (code === 'EISDIR') {
    const entry = ENTRY_NAMES.find((name) => listFolder(path).includes(name));
    return { reason: 'it is a folder', hint: entry === undefined ? 'name the document itself' : `did you mean '${join(basename(path), entry)}'?` };
  }
  if (code === 'EACCES' || code === 'EPERM') return { reason: 'permission denied' };
  return { reason: code || 'it cannot be opened' };
}

function listFolder(path: string): string[] {
  try { return readdirSync(path); } catch { return []; }
}

interface Fault { readonly at: number; readonly found: string }

function decode(bytes: Buffer): { text: string; fault?: Fault } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const body = start === 0 ? bytes : bytes.subarray(start);
  const nul = body.indexOf(0);
  // U+FFFD in the text may be the user's own; only a strict check can tell.
  if (nul === -1 && isUtf8(body)) return { text: body.toString('utf8') };
  const bad = nul === -1 ? firstInvalid(body) : nul;
  const text = body.subarray(0, bad).toString('utf8');
  const found = nul === -1 ? `byte 0x${body[bad]!.toString(16)} is not valid there` : kindOfBinary(bytes);
  return { text: `${text}\ufffd`, fault: { at: text.length, found } };
}

/** Index of the first byte that is no part of a valid UTF-8 sequence. */
function firstInvalid(bytes: Buffer): number {
  const strict = (end: number): boolean => {
    try { new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end), { stream: true }); return true; } catch { return false; }
  };
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (strict(middle)) low = middle;
    else high = middle - 1;
  }
  // With `stream` an unfinished sequence at the end is no fault yet: the sequence starts at its lead byte.
  let at = Math.min(low, bytes.length - 1);
  while (at > 0 && at > low - 3 && (bytes[at]! & 0xc0) === 0x80) at--;
  return at;
}

function kindOfBinary(bytes: Buffer): string {
  const magic = bytes.subarray(0, 4).toString('latin1');
  if (magic.startsWith('PK')) return 'it is a ZIP archive';
  if (magic.startsWith('\x1f\x8b')) return 'it is compressed with gzip';
  if (magic.startsWith('%PDF')) return 'it is a PDF';
  return 'it contains NUL bytes';
}
