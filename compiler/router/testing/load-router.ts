import { transformSync } from 'esbuild';
import { code, Imports, join, print, type Code } from '../../code.js';
import type { Flavour } from '../../ir.js';
import type { Exchange } from '../../../runtime/exchange.js';
import { emitRouter, type Matcher } from '../index.js';
import type { RoutedPath } from '../route-tree.js';

export interface LoadedRouter {
  route(exchange: Exchange): number;
  /** By route, then variable. */
  readonly variables: readonly Readonly<Record<string, (exchange: Exchange) => string>>[];
  /** The TypeScript that was loaded, without its imports. */
  readonly text: string;
}

let loaded = 0;

/** Emits the router and imports it as a bundle would have it: types stripped, helpers from the compiled runtime. */
export async function loadRouter(routes: readonly RoutedPath[], flavour: Flavour, matcher?: Matcher): Promise<LoadedRouter> {
  const router = emitRouter(routes, flavour, undefined, matcher);
  const variables = routes.map(({ path }, index) => {
    const readers = [...new Set(path.variables)].map((name) => code`[${name}]: (exchange) => ${router.pathVariable(index, name)}`);
    return code`{ ${join(readers, ', ')} }`;
  });
  const exported: Code = code`${router.code}\nexport const variables = [\n${join(variables, ',\n')}\n];\n`;
  const imports = new Imports(new Set(['route']));
  const text = print(exported, imports);
  loaded++;
  const header = imports.entries().map(([specifier, names]) => {
    const url = new URL(`../../../runtime/${specifier.replace('gwc/runtime/', '')}.js?${loaded}`, import.meta.url).href;
    // A runtime of its own for each, as in a bundle: what V8 learns of one router is nothing to the next.
    return `import { ${names.map(([name, local]) => `${name} as ${local}`).join(', ')} } from ${JSON.stringify(url)};`;
  });
  const { code: script } = transformSync(`${header.join('\n')}\n${text}`, { loader: 'ts', target: 'es2022' });
  const module = await import(`data:text/javascript;base64,${Buffer.from(script).toString('base64')}`) as Omit<LoadedRouter, 'text'>;
  return { route: module.route, variables: module.variables, text };
}
