/** What is wrong with a message, gathered while it is checked. */
import { MALFORMED, REPEATED } from '../parameters/text.js';
import type { ValidationError } from './validation-error.js';

/** `in: body` has a `pointer`, every other place a `parameter` and, when its value is structured, a `pointer` into it. */
export interface MessageFault {
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'body' | 'status';
  readonly parameter?: string;
  /** JSON Pointer (RFC 6901), '' for the whole. */
  readonly pointer?: string;
  readonly keyword: string;
  readonly message: string;
}

export type Faults = MessageFault[] | null;
export type Validate = (value: unknown) => readonly ValidationError[] | null;

/** Most faults one answer tells of. */
const MAX_FAULTS = 20;

export function addFault(faults: Faults, fault: MessageFault): MessageFault[] {
  if (faults === null) return [fault];
  if (faults.length < MAX_FAULTS) faults.push(fault);
  return faults;
}

/** Checks a parameter's value, as its reader gave it: undefined is missing. `validate` null: any value will do. */
export function checkParameter(faults: Faults, place: 'path' | 'query' | 'header' | 'cookie', parameter: string, required: boolean, value: unknown, validate: Validate | null): Faults {
  if (value === undefined) return required ? addFault(faults, { in: place, parameter, keyword: 'required', message: 'is required' }) : faults;
  if (value === MALFORMED) return addFault(faults, { in: place, parameter, keyword: 'encoding', message: 'cannot be decoded' });
  if (value === REPEATED) return addFault(faults, { in: place, parameter, keyword: 'repeated', message: 'must not be given more than once' });
  const errors = validate === null ? null : validate(value);
  if (errors === null) return faults;
  let result = faults;
  for (const { pointer, keyword, message } of errors) result = addFault(result, pointer === '' ? { in: place, parameter, keyword, message } : { in: place, parameter, pointer, keyword, message });
  return result;
}

/** Checks a body's value against its schema. */
export function checkBodyValue(faults: Faults, value: unknown, validate: Validate): Faults {
  const errors = validate(value);
  if (errors === null) return faults;
  let result = faults;
  for (const { pointer, keyword, message } of errors) result = addFault(result, { in: 'body', pointer, keyword, message });
  return result;
}

export function bodyFault(faults: Faults, keyword: string, message: string, pointer = ''): MessageFault[] {
  return addFault(faults, { in: 'body', pointer, keyword, message });
}
