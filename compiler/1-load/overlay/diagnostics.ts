import { clip } from '../../diagnostics/escape.js';
import { diagnostic } from '../../diagnostics/define.js';

export const notAnOverlay = diagnostic<{ problem: string }>({
  code: 'GWC1060', severity: 'error',
  message: ({ problem }) => `not an OpenAPI Overlay: ${problem}`,
  hint: () => 'an overlay has `overlay: 1.0.0`, `info` and `actions: [{target: $.info, update: {…}}]`',
  help: 'Files given with `--overlay` follow the OpenAPI Overlay Specification 1.0 or 1.1 (https://spec.openapis.org/overlay/): an ordered list of actions, each with a JSONPath `target` and one of `update`, `remove` and (1.1) `copy`. Write `overlay: 1.0.0`, `info` and `actions` at its root.',
});

export const badAction = diagnostic<{ problem: string }>({
  code: 'GWC1061', severity: 'error',
  message: ({ problem }) => problem,
  hint: ({ problem }) => (/target/.test(problem) ? "write target: $.paths['/pets'].get, a JSONPath" : 'write {target: $.info, update: {…}}, {target: …, remove: true} or in 1.1 {target: …, copy: $.path}'),
  help: 'An action of an overlay has a `target` and one of: `update` (an object is merged into the selected objects, an entry is appended to the selected lists, and in 1.1 a simple value replaces the selected one), `remove: true`, or in 1.1 `copy` (a JSONPath of one node, whose value is used like that of `update`).',
});

export const badJsonPath = diagnostic<{ problem: string; hint?: string }>({
  code: 'GWC1062', severity: 'error',
  message: ({ problem }) => `not a JSONPath: ${clip(problem, 200)}`,
  hint: ({ hint }) => hint ?? "paths are written $.paths['/pets'].get, filters [?@.in == 'query']",
  help: 'Targets are JSONPath queries of RFC 9535: `$`, `.name`, `[\'name\']`, `[0]`, `[-1]`, `[1:3]`, `*`, `..`, and filters such as `[?@.in == \'query\' && @.required]` with the functions length(), count(), value(), match() and search(). Names with other characters than letters, digits and `_` are written in brackets: `$.paths[\'/pets\'].get`.',
});

export const noMatch = diagnostic({
  code: 'GWC1063', severity: 'warning',
  message: () => 'the target of this action selects nothing',
  hint: () => 'an action changes what is there: select the object around it to add something',
  help: 'The overlay was written for another version of the document, or the JSONPath has a mistake. An action that selects nothing does nothing. Correct the `target`; to add something, select the object that it goes into: `target: $.paths[\'/pets\']`, `update: {post: {…}}`.',
});

export const mismatch = diagnostic<{ update: string; target: string }>({
  code: 'GWC1064', severity: 'error',
  message: ({ update, target }) => `${update} cannot be merged into ${target}`,
  hint: () => 'remove the old value with an action of its own first',
  help: 'Merging needs values of the same kind: an object into an object, entries into a list, a simple value in place of a simple value. To replace a value of another kind, write an action with `remove: true` first and one that adds the new value after it.',
});

export const unknownOverlayField = diagnostic<{ name: string; owner: string; suggestion?: string }>({
  code: 'GWC1065', severity: 'warning',
  message: ({ name, owner }) => `there is no field '${clip(name, 80)}' in ${owner}; it is ignored`,
  hint: ({ suggestion }) => (suggestion === undefined ? undefined : `did you mean '${suggestion}'?`),
  help: 'The Overlay Specification gives each object a fixed set of fields; fields of one\'s own start with `x-`. Correct the name, or remove the field.',
});
