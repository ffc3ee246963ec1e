/** `patchOperations` of the control plane: RFC 6902's shape, with the operations and paths that each resource allows. */
import { badRequest } from './control-error.js';
import { asFields, own, printable, textField, type Fields } from './control-request.js';

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  /** Without its leading slash, tokens decoded (`~1` is a slash). */
  readonly path: readonly string[];
  /** As sent. */
  readonly shown: string;
  readonly value: string;
}

const MOST = 1_000;

export function readPatch(fields: Fields): PatchOperation[] {
  const list = own(fields, 'patchOperations') ?? [];
  if (!Array.isArray(list)) throw badRequest('Invalid request input: patchOperations must be a list');
  if (list.length > MOST) throw badRequest(`Invalid request input: at most ${MOST} patch operations`);
  return list.map((item) => {
    const operation = asFields(item, 'a patch operation');
    const op = textField(operation, 'op', 20) ?? '';
    const path = textField(operation, 'path', 5_000) ?? '';
    if (op !== 'add' && op !== 'remove' && op !== 'replace') throw badRequest(`Invalid patch operation specified. Must be one of: [add, remove, replace]; got '${printable(op)}'`);
    if (!path.startsWith('/')) throw badRequest(`Invalid patch path '${printable(path)}': it begins with a slash`);
    const value = own(operation, 'value');
    if (value !== undefined && value !== null && typeof value !== 'string') throw badRequest('Invalid request input: the value of a patch operation must be a string');
    return { op, path: path.slice(1).split('/').map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~')), shown: path, value: (value as string | undefined | null) ?? '' };
  });
}

/** `allowed`: paths for this `op`. */
export function invalidPath({ op, shown }: PatchOperation, allowed: readonly string[]): Error {
  return badRequest(`Invalid patch path  '${printable(shown)}' specified for op '${op}'. Must be one of: [${allowed.join(', ')}]`);
}

export function numberOf({ shown, value }: PatchOperation): number {
  const number = /^-?\d{1,15}(?:\.\d{1,15})?(?:[eE]\d{1,2})?$/.test(value) ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw badRequest(`Invalid value '${printable(value)}' for ${printable(shown)}: it must be a number`);
  return number;
}

export function booleanOf({ shown, value }: PatchOperation): boolean {
  const lower = value.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw badRequest(`Invalid value '${printable(value)}' for ${printable(shown)}: it must be true or false`);
  return lower === 'true';
}
