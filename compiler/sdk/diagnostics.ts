/** What building the model of the clients can report. */
import { diagnostic } from '../diagnostics/define.js';
import { clip } from '../diagnostics/escape.js';

const quoted = (text: string): string => `'${clip(text, 80)}'`;

export const NAME_TAKEN = diagnostic<{ what: string; original: string; first: string; name: string }>({
  code: 'GWC4101',
  severity: 'info',
  message: ({ what, original, first, name }) => (original === first
    ? `the ${what} name ${quoted(original)} is used twice: clients call the second one ${name}`
    : `${what} ${quoted(original)} and ${quoted(first)} have the same name in clients: this one is called ${name}`),
  hint: ({ what }) => (what === 'operation' ? 'give one of them another operationId' : 'rename one of them'),
  help: `Names in clients are made from the document's by keeping letters and digits and joining words in camel case. Two names that differ only in
punctuation or case would be the same in some language, so the later one gets its location (for parameters) or a number appended.

The result is the same for every build of the same document, but it depends on the order of the document. Give the two different names if
callers should not see a number.`,
});

export const NAME_RESERVED = diagnostic<{ original: string; name: string }>({
  code: 'GWC4102',
  severity: 'info',
  message: ({ original, name }) => `the schema ${quoted(original)} is called ${name} in clients: the client core has a type of that name`,
  hint: () => 'rename the schema if callers should not see the suffix',
  help: `Clients export the types of the document next to those of their core (Client, ApiError, Success, …). A schema whose name is one of these gets
"Model" appended.`,
});

export const SELF_REFERENCE = diagnostic<{ name: string }>({
  code: 'GWC4103',
  severity: 'warning',
  message: ({ name }) => `the schema ${quoted(name)} is made of itself: clients type it as unknown`,
  hint: () => 'let it refer to itself from a property or as items',
  help: `A schema may contain itself in a property, as items or as values of a map: the value then has an end. A schema whose \`$ref\`, \`allOf\`, \`oneOf\` or
\`anyOf\` leads back to itself with nothing in between says nothing about a value (or that there is none), and no type system can write it down.`,
});

export const OPERATION_NOT_IN_CLIENTS = diagnostic<{ path: string }>({
  code: 'GWC4104',
  severity: 'info',
  message: ({ path }) => `clients have no function for the route ${path}: it has no path of its own`,
  hint: () => 'give operations that clients should call a path and a method',
  help: `The \`$default\` route of an HTTP API takes whatever no other route does. There is no request a client could make for it in particular.`,
});
