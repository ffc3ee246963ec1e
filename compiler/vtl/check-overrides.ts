/** Overrides that surely come twice: the second is a 500 (`$context.requestOverride…`, `$context.responseOverride…`). */
import * as D from './diagnostics.js';
import { finding } from './finding.js';
import type { Finding } from './finding.js';
import type { Reference, Statement, Step } from './parse.js';

/** `known`: what has surely been overridden before `body`. Branches of an #if each go on from there; what a loop does depends on the data. */
export function checkOverrides(body: readonly Statement[], known: Set<string>, findings: Finding[]): void {
  for (const statement of body) {
    if (statement.kind === 'if') {
      for (const branch of [...statement.branches.map((each) => each.body), ...(statement.otherwise ? [statement.otherwise] : [])]) checkOverrides(branch, new Set(known), findings);
      continue;
    }
    if (statement.kind === 'foreach') { checkOverrides(statement.body, new Set(known), findings); continue; }
    if (statement.kind === 'stop' || statement.kind === 'break') return;
    const written = statement.kind === 'set' ? { reference: statement.target, steps: statement.target.steps } : statement.kind === 'reference' ? putOf(statement) : undefined;
    const name = written && overriddenName(written.reference, written.steps);
    if (name === undefined) continue;
    if (known.has(name)) findings.push(finding(D.OVERRIDDEN_TWICE, { reference: `$context.${name}` }, written!.reference));
    // A value that is null sets nothing: only what is surely there counts.
    else if (statement.kind !== 'set' || statement.value.kind !== 'reference') known.add(name);
  }
}

/** `$context….put(name, value)`: the steps before the call, and its first argument as the last. */
function putOf(reference: Reference): { reference: Reference; steps: Step[] } | undefined {
  const last = reference.steps.at(-1);
  if (last?.kind !== 'method' || last.name !== 'put' || last.arguments.length !== 2 || last.arguments[1]!.kind === 'reference') return undefined;
  return { reference, steps: [...reference.steps.slice(0, -1), { kind: 'index', index: last.arguments[0]!, offset: last.offset, end: last.end }] };
}

/** `requestOverride.header.X-A`, when all of its names are constants. */
function overriddenName(reference: Reference, steps: readonly Step[]): string | undefined {
  if (reference.root !== 'context') return undefined;
  const names: string[] = [];
  for (const step of steps) {
    if (step.kind === 'property') names.push(step.name);
    else if (step.kind === 'index' && step.index.kind === 'string') names.push(step.index.value);
    else return undefined;
  }
  const name = names.join('.');
  return /^(?:requestOverride\.(?:header|querystring|path)\.|responseOverride\.header\.|responseOverride\.status$)/.test(name) ? name : undefined;
}
