/** `--local-functions`: functions of the template run in the gateway, from their sources beside the template. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { functionName } from './resource-values.js';
import type { Resource, Template } from './template.js';

/** Sources before what was made of them. */
const EXTENSIONS = ['.ts', '.mts', '.cts', '.mjs', '.js', '.cjs', '.tsx', '.jsx'];

export function bindFunctions(template: Template, draft: Draft): void {
  for (const resource of [...template.of('AWS::Serverless::Function'), ...template.of('AWS::Lambda::Function')]) {
    const globals = resource.type === 'AWS::Serverless::Function' ? template.globals('Function') : {};
    const property = (name: string): string | undefined => template.text(resource.properties[name] ?? globals[name]);
    const runtime = property('Runtime') ?? '';
    if (!runtime.startsWith('nodejs')) {
      notLocal(template, resource, 'Runtime', runtime === '' ? 'it has no Runtime' : `its Runtime is ${runtime}`);
      continue;
    }
    const handler = property('Handler') ?? '';
    const dot = handler.lastIndexOf('.');
    const code = property('CodeUri') ?? '.';
    const module = join(resolve(dirname(template.file), code), dot < 0 ? handler : handler.slice(0, dot));
    const file = EXTENSIONS.map((extension) => module + extension).find((path) => existsSync(path));
    if (dot < 0 || file === undefined) {
      notLocal(template, resource, 'Handler', dot < 0 ? `its Handler '${handler}' names no export` : `there is no ${relative(dirname(template.file), module)}.{ts,mjs,js,…}`);
      continue;
    }
    const path = relative(dirname(draft.entry), file).replaceAll('\\', '/');
    draft.add(['x-gwc', 'functions', functionName(template, resource)], { handler: `${path.startsWith('.') ? path : `./${path}`}#${handler.slice(dot + 1)}` }, resource.pointer);
  }
}

function notLocal(template: Template, resource: Resource, property: string, reason: string): void {
  template.report(diagnostics.NOT_LOCAL, resource.properties[property] === undefined ? resource.pointer : `${resource.pointer}/${property}`, { name: resource.id, reason }, resource.properties[property] === undefined);
}
