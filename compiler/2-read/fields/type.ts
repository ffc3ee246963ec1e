import type { Json } from '../../code.js';
import type { Type } from './shape.js';

/** Whether a value has the JSON type; what is inside is checked elsewhere. */
export function fits(type: Type, value: Json): boolean {
  switch (type.is) {
    case 'any': return true;
    case 'text':
    case 'enum': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'number': return typeof value === 'number';
    case 'scalar': return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    case 'list': return Array.isArray(value);
    case 'map':
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'either': return type.types.some((inner) => fits(inner, value));
  }
}

/** `a text or a list`. */
export function describe(type: Type): string {
  switch (type.is) {
    case 'any': return 'any value';
    case 'text':
    case 'enum': return 'a text';
    case 'boolean': return 'true or false';
    case 'number': return 'a number';
    case 'scalar': return 'a text';
    case 'list': return 'a list';
    case 'map':
    case 'object': return 'an object';
    case 'either': return [...new Set(type.types.map(describe))].join(' or ');
  }
}

export function kindOf(value: Json): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'a boolean', object: 'an object' }[typeof value as 'string' | 'number' | 'boolean' | 'object'];
}
