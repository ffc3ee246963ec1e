/** The core, verbatim: its TypeScript, and what gwc's own build made of it, as ES module and CommonJS. */
import { readFileSync } from 'node:fs';
import type { GeneratedFile } from '../generated-file.js';

/** Modules of support/, those that import others after them. */
export const SUPPORT_MODULES = [
  'status', 'open-types', 'content-kind', 'encode', 'gateway-fault', 'errors', 'result', 'retry', 'auth', 'client', 'operation', 'path-styles', 'query-styles', 'body', 'querystring',
  'request', 'response', 'item-streams', 'call', 'sigv4', 'client-credentials', 'internal', 'index',
] as const;

let cache: readonly GeneratedFile[] | undefined;

/** Files under `core/` and `src/core/`. */
export function supportFiles(): readonly GeneratedFile[] {
  return (cache ??= SUPPORT_MODULES.flatMap((module) => {
    const read = (extension: string): string => readFileSync(new URL(`./support/${module}${extension}`, import.meta.url), 'utf8');
    // The source is in the map: what ships is what was compiled.
    const source = (JSON.parse(read('.js.map')) as { sourcesContent: [string] }).sourcesContent[0];
    const compiled = withoutMap(read('.js'));
    const declaration = withoutMap(read('.d.ts'));
    return [
      { path: `src/core/${module}.ts`, text: source },
      { path: `core/${module}.js`, text: compiled },
      { path: `core/${module}.cjs`, text: commonJs(compiled) },
      { path: `core/${module}.d.ts`, text: declaration },
      { path: `core/${module}.d.cts`, text: commonJsDeclaration(declaration) },
    ];
  }));
}

function withoutMap(text: string): string {
  return `${text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '').trimEnd()}\n`;
}

const NAMES = /^(?:export|import) \{ ([\w$, ]+) \} from '(\.\/[\w-]+)\.js';$/;

/**
 * CommonJS of a module of ours. Its imports and exports are written in three ways only, which a test holds support/ to:
 * one-line `import { … } from`, one-line `export { … } from`, and `export` in front of a function or class.
 */
export function commonJs(text: string): string {
  const exported: string[] = [];
  const lines = text.split('\n').map((line) => {
    const names = NAMES.exec(line);
    if (names && line.startsWith('import')) return `const { ${names[1]!} } = require('${names[2]!}.cjs');`;
    if (names) return names[1]!.split(', ').map((name) => `exports.${name} = require('${names[2]!}.cjs').${name};`).join('\n');
    if (line === 'export {};') return '';
    const declared = /^export ((?:async )?function|class) (\w+)/.exec(line);
    if (declared) exported.push(declared[2]!);
    else if (/^(import|export)\b/.test(line)) throw new Error(`support module in an unforeseen form: ${line}`);
    return declared ? line.slice('export '.length) : line;
  });
  return `'use strict';\n${lines.join('\n').trimEnd()}\n${exported.map((name) => `exports.${name} = ${name};\n`).join('')}`;
}

export function commonJsDeclaration(text: string): string {
  return text.replace(/(from |import\()(['"])(\.\/[\w-]+)\.js\2/g, '$1$2$3.cjs$2');
}
