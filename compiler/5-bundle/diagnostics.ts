import { diagnostic } from '../diagnostics/define.js';

export const BUNDLE_FAULT = diagnostic<{ problem: string }>({
  code: 'GWC9501', severity: 'error',
  message: ({ problem }) => `internal: the generated gateway could not be bundled: ${problem}`,
  hint: () => 'this is a bug in gwc: please report it with the document',
  help: 'The generated code must bundle without warnings into one file that imports only Node\'s own modules. When it does not, gwc itself is at fault.',
});

export const FUNCTION_NOT_FOUND = diagnostic<{ file: string }>({
  code: 'GWC5501', severity: 'error',
  message: ({ file }) => `there is no file ${file}`,
  hint: () => 'write the path with its extension: in x-gwc.functions relative to the document, with --function to the working directory',
  help: 'A function is bound to a module that does not exist. Write `./src/users.ts#list`: a path with its extension, and after `#` the name of the export (`handler` when there is none).',
});

export const MISSING_EXPORT = diagnostic<{ file: string; name: string; suggestion: string | undefined }>({
  code: 'GWC5502', severity: 'error',
  message: ({ file, name }) => `${file} does not export ${name}`,
  hint: ({ suggestion, name }) => (suggestion ? `did you mean '${suggestion}'?` : `write: export const ${name} = async (event) => …, or name another export after #`),
  help: 'A function is bound to an export that its module does not have. The part after `#` is the name of the export: `./src/users.ts#list` is `export const list` (or `exports.list` in CommonJS).',
});

export const FUNCTION_NOT_BUNDLED = diagnostic<{ problem: string; name: string; missing: string | undefined }>({
  code: 'GWC5503', severity: 'error',
  message: ({ problem }) => `the function cannot be compiled into the gateway: ${problem}`,
  hint: ({ name, missing }) => `${missing === undefined ? 'correct it' : `npm install ${missing}`}, or run the function as a program of its own: --function ${name}=exec:./bootstrap`,
  help: 'A handler and everything it imports become part of the gateway file: TypeScript, JavaScript (ES modules and CommonJS) and JSON, from its own folder and node_modules. Native addons (`.node`), files loaded by name at run time and packages that are not installed cannot be: run such a function with `exec:` or on AWS.',
});

export const FUNCTION_WARNING = diagnostic<{ problem: string }>({
  code: 'GWC5504', severity: 'warning',
  message: ({ problem }) => `in a function that is compiled in: ${problem}`,
  hint: () => 'correct it there, or have the package updated that it comes from',
  help: 'esbuild, which compiles handlers into the gateway, finds this suspicious in a handler or in a package that it imports. The gateway builds; the code may fail when it gets there. Correct the line that the message names, or have the package updated.',
});
