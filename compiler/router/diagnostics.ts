import { diagnostic } from '../diagnostics/define.js';

export const SAME_ROUTE = diagnostic<{ method: string; path: string; other: string }>({
  code: 'GWC3001', severity: 'error',
  message: ({ method, path, other }) => (path === other
    ? `${method} ${path} is there twice`
    : `${method} ${path} and ${method} ${other} match the same requests`),
  hint: ({ path, other }) => (path === other ? 'remove one of them' : 'merge the two operations, or make their paths differ in a literal part'),
  help: `Two operations have the same method, and paths that differ in nothing a request shows: the names of variables, how a character
is written (\`a b\` and \`a%20b\`), or, in a REST API, a slash at the end. Only one of them could ever be called. Operations with
*different* methods may name their variables differently: \`GET /users/{id}\` and \`DELETE /users/{user}\` are fine.`,
});

export const GREEDY_NOT_LAST = diagnostic<{ path: string; variable: string }>({
  code: 'GWC3002', severity: 'error',
  message: ({ path, variable }) => `${path} goes on after the greedy variable {${variable}+}`,
  hint: ({ variable }) => `let the path end with {${variable}+}, or write {${variable}} for a single segment`,
  help: `A greedy variable \`{name+}\` takes the whole rest of the path, so nothing can follow it. API Gateway refuses such a path:
"Cannot create a child of a resource with a greedy path variable".`,
});

export const VARIABLE_SIBLINGS = diagnostic<{ path: string; part: string; other: string }>({
  code: 'GWC3003', severity: 'warning',
  message: ({ path, part, other }) => `API Gateway refuses ${part} in ${path}: its sibling ${other} is a variable already`,
  hint: ({ part, other }) => (part.endsWith('+}') !== other.endsWith('+}') ? undefined : `use one name: ${other}`),
  help: `In a REST API of API Gateway a resource has at most one child that is a path variable: "A sibling ({id}) of this resource already
has a variable path part -- only one is allowed". gwc routes such documents (literal text first, then \`{name}\`, then \`{name+}\`), but
the document cannot be imported there. Give the variables one name if the document also goes to AWS.`,
});

export const PATH_PART = diagnostic<{ path: string; part: string }>({
  code: 'GWC3004', severity: 'warning',
  message: ({ path, part }) => `API Gateway refuses the path part '${part}' of ${path}`,
  hint: () => 'use letters, digits and `_ - . , :`, or one variable as the whole part',
  help: `Path parts of a REST API of API Gateway hold letters, digits and \`_ - . , :\`, or are one variable \`{name}\` or \`{name+}\`. gwc routes
other literal text (percent-encoded, as clients send it) and parts such as \`{base}...{head}\` as well, but the document cannot be
imported there. Rename the part if the document also goes to AWS.`,
});

export const UNREACHABLE_ROUTE = diagnostic<{ path: string; part: string }>({
  code: 'GWC3005', severity: 'warning',
  message: ({ path, part }) => `no client will call ${path}: it resolves '${part}' away before it sends the request`,
  hint: ({ part }) => `remove the part '${part}'`,
  help: `The path parts \`.\` and \`..\`, percent-encoded or not, mean "this" and "the parent". Clients remove them before they send a request
(RFC 3986 section 5.2.4, URL Standard), so a route that waits for them is never reached.`,
});

export const PATH_TOO_LONG = diagnostic<{ path: string; count: number; of: 'segments' | 'characters'; limit: number }>({
  code: 'GWC3006', severity: 'error',
  message: ({ path, count, of, limit }) => `the path ${path} has ${count} ${of}, at most ${limit} are supported`,
  hint: () => 'shorten it, or take the rest of the path in one variable: /{proxy+}',
  help: 'A path of this many segments or characters is longer than what API Gateway and most HTTP servers accept; it is most likely a mistake in a generated document. Shorten it, or take the rest of the path in one variable, `/{proxy+}`.',
});
