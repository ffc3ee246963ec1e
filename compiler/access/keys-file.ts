/** `x-gwc.apiKeysFile`: keys in API Gateway's CSV format, beside the document. Their values are hashed as soon as they are read. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Document } from '../1-load/document.js';
import type { Node } from '../1-load/node.js';
import { readKeysCsv, type CsvFault } from '../../runtime/keys/csv.js';

export interface KeyOfFile { readonly line: number; readonly name: string; readonly sha256: string; readonly length: number; readonly enabled: boolean; readonly description: string; readonly usagePlanIds: readonly string[] }

export interface KeysFile {
  readonly path: string;
  /** Where the document names it. */
  readonly node: Node;
  readonly keys: readonly KeyOfFile[];
  readonly faults: readonly CsvFault[];
  readonly ignored: readonly string[];
  /** Why there are no keys; '' when there are. */
  readonly problem: string;
}

const MOST_BYTES = 16_000_000;
const read = new WeakMap<Document, KeysFile>();

/** undefined: the document names no file. Read once. */
export function keysFile(root: Node): KeysFile | undefined {
  const node = root.get('x-gwc')?.get('apiKeysFile');
  if (node === undefined) return undefined;
  let file = read.get(root.document);
  if (file === undefined) read.set(root.document, (file = readFile(node)));
  return file;
}

function readFile(node: Node): KeysFile {
  const none = (problem: string): KeysFile => ({ path: String(node.value), node, keys: [], faults: [], ignored: [], problem });
  if (typeof node.value !== 'string' || node.value === '' || node.value.includes('\0')) return none('it must be the path of a file');
  const path = resolve(dirname(node.file), node.value);
  let text: string;
  try {
    if (statSync(path).size > MOST_BYTES) return none(`it has more than ${MOST_BYTES} bytes`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return none(code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : (code ?? 'it cannot be read'));
  }
  const csv = readKeysCsv(text);
  if (typeof csv === 'string') return none(csv);
  const keys = csv.keys.map(({ key, ...rest }) => ({ ...rest, sha256: createHash('sha256').update(key, 'utf8').digest('hex'), length: key.length }));
  return { path: node.value, node, keys, faults: csv.faults, ignored: csv.ignored, problem: '' };
}
