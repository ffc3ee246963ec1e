/** `gwc plan <document>`: what runs for each operation, in order. */
import type { CommandModule } from 'yargs';
import { analyse } from '../index.js';
import type { HandlerPlan, Plan } from '../ir.js';
import { compileOptions, documentOptions, documentPath, type CommonArguments } from './common-options.js';
import { printDiagnostics } from './print-diagnostics.js';

export const plan: CommandModule<object, CommonArguments> = {
  command: 'plan <document>',
  describe: 'print what runs for each operation, in order',
  builder: (yargs) => documentOptions(yargs) as never,
  async handler(args) {
    const analysis = await analyse(documentPath(args.document), await compileOptions(args));
    const failed = analysis.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
    if (failed || !analysis.plan) {
      printDiagnostics(analysis, args.format);
      process.exitCode = 1;
      return;
    }
    process.stdout.write(args.format === 'json' ? JSON.stringify(analysis.plan, null, 2) + '\n' : renderPlan(analysis.plan));
  },
};

/** The plan as text: one block per operation. */
export function renderPlan(plan: Plan): string {
  return plan.handlers.map(renderHandler).join('\n');
}

function renderHandler(handler: HandlerPlan): string {
  const lines = [`${handler.method} ${handler.path}  ${handler.operation}`];
  let buffered = false;
  for (const step of handler.request) {
    if (step.needsBody && !buffered) { lines.push('  ⋮ request body read into memory'); buffered = true; }
    lines.push(`  → ${step.stage.padEnd(16)} ${step.summary}`);
  }
  for (const step of handler.response) lines.push(`  ← ${step.stage.padEnd(16)} ${step.summary}`);
  return lines.join('\n') + '\n';
}
