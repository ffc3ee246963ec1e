/**
 * Runs emitted code inside the compiler: for `gwc render` and tests. (A bundle imports the same helpers; it never builds code.)
 * The text comes from emit alone, which lets nothing of a document in but literals.
 */
import { Imports, print } from '../code.js';
import * as access from '../../runtime/vtl/access.js';
import * as arithmetic from '../../runtime/vtl/arithmetic.js';
import * as compare from '../../runtime/vtl/compare.js';
import * as frame from '../../runtime/vtl/frame.js';
import * as input from '../../runtime/vtl/input.js';
import * as interpret from '../../runtime/vtl/interpret.js';
import * as invoke from '../../runtime/vtl/invoke.js';
import * as limits from '../../runtime/vtl/limits.js';
import * as literals from '../../runtime/vtl/literals.js';
import * as loop from '../../runtime/vtl/loop.js';
import * as methods from '../../runtime/vtl/methods.js';
import * as operators from '../../runtime/vtl/operators.js';
import * as printing from '../../runtime/vtl/print.js';
import * as render from '../../runtime/vtl/render.js';
import * as utilFunctions from '../../runtime/vtl/util-functions.js';
import * as values from '../../runtime/vtl/values.js';
import type { Render } from '../../runtime/vtl/render.js';
import type { Code } from '../code.js';

const MODULES: { readonly [specifier: string]: object } = {
  'gwc/runtime/vtl/access': access, 'gwc/runtime/vtl/arithmetic': arithmetic, 'gwc/runtime/vtl/compare': compare, 'gwc/runtime/vtl/frame': frame,
  'gwc/runtime/vtl/input': input, 'gwc/runtime/vtl/interpret': interpret, 'gwc/runtime/vtl/invoke': invoke, 'gwc/runtime/vtl/limits': limits,
  'gwc/runtime/vtl/literals': literals, 'gwc/runtime/vtl/loop': loop, 'gwc/runtime/vtl/methods': methods, 'gwc/runtime/vtl/operators': operators,
  'gwc/runtime/vtl/print': printing, 'gwc/runtime/vtl/render': render, 'gwc/runtime/vtl/util-functions': utilFunctions, 'gwc/runtime/vtl/values': values,
};

/** The rendering function that `emitted` (from `emit`) stands for. */
export function load(emitted: Code): Render {
  const imports = new Imports(new Set());
  const text = print(emitted, imports);
  const names: string[] = [];
  const locals: unknown[] = [];
  for (const [specifier, exports] of imports.entries()) {
    for (const [exported, local] of exports) {
      const value = (MODULES[specifier] as { [name: string]: unknown } | undefined)?.[exported];
      if (value === undefined) throw new Error(`${specifier} does not export ${exported}`);
      names.push(local);
      locals.push(value);
    }
  }
  return new Function(...names, `"use strict"; return ${text};`)(...locals) as Render;
}
