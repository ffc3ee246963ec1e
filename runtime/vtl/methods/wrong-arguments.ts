import { TemplateError } from '../limits.js';

/**
 * A method without parameters, called with some: Velocity 1.7 picks it whatever the number of arguments, and the call then fails.
 * (Other calls that fit no overload find no method: null.)
 */
export function wrongArguments(): never {
  throw new TemplateError('a method was called with the wrong number of arguments');
}

/** compareTo of another class: the class cast fails. */
export function wrongClass(): never {
  throw new TemplateError('compareTo was called with an object of another class');
}
