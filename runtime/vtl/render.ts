/** The frame around a generated rendering function: limits, and errors of the engine's own kind. */
import { asTemplateError, beginWork, bounded } from './limits.js';
import { BreakSignal, goesOn, goesOnForever, StopSignal } from './loop.js';
import { Output, Rendering, RootFrame } from './frame.js';
import type { Body, Macro } from './frame.js';
import { InputObject, UtilObject } from './builtin-objects.js';
import type { TemplateScope } from './scope.js';
import type { Value } from './values.js';

/** A compiled template. Throws TemplateError (500) or PayloadError (400). */
export type Render = (scope: TemplateScope) => string;

/** null of type Value: gives generated variables their type. */
export function nothing(): Value { return null; }

export function template(render: Render): Render {
  return (scope) => {
    beginWork();
    try {
      return bounded(render(scope));
    } catch (error) {
      throw asTemplateError(error);
    }
  };
}

/** A template whose variables live in frames (see frame.ts). */
export function framedTemplate(aws: boolean, macros: readonly (readonly [name: string, macro: Macro])[], body: Body): Render {
  return (scope) => {
    beginWork();
    const out = new Output();
    const rendering = new Rendering(scope, aws, new Map(macros), aws ? goesOn : goesOnForever);
    const frame = new RootFrame(rendering, [['input', new InputObject(scope.input)], ['util', new UtilObject(scope.input)], ['context', scope.context], ['stageVariables', scope.stageVariables]]);
    try {
      body(frame, out);
    } catch (error) {
      if (!(error instanceof StopSignal || error instanceof BreakSignal)) throw asTemplateError(error);
    }
    return bounded(out.text);
  };
}
