/** `gwc check <document>`: diagnostics only. */
import type { CommandModule } from 'yargs';
import { analyse } from '../index.js';
import { compileOptions, documentOptions, documentPath, type CommonArguments } from './common-options.js';
import { printDiagnostics } from './print-diagnostics.js';

export const check: CommandModule<object, CommonArguments> = {
  command: 'check <document>',
  describe: 'say what is wrong with a document; writes nothing',
  builder: (yargs) => documentOptions(yargs) as never,
  async handler(args) {
    const analysis = await analyse(documentPath(args.document), await compileOptions(args));
    printDiagnostics(analysis, args.format);
    const failed = analysis.diagnostics.some((diagnostic) => diagnostic.severity === 'error' || (args.strict && diagnostic.severity === 'warning'));
    if (failed) process.exitCode = 1;
    else if (args.format === 'text') process.stdout.write(`${args.document}: ${analysis.api!.operations.length} operation${analysis.api!.operations.length === 1 ? '' : 's'}, ${analysis.api!.flavour === 'rest' ? 'REST' : 'HTTP'} API rules\n`);
  },
};
