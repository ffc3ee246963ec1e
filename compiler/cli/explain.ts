/** `gwc explain GWC1234`: what a diagnostic means and what to write. */
import type { CommandModule } from 'yargs';
import { allDiagnostics } from '../diagnostics/catalogue.js';
import { closest } from '../diagnostics/suggest.js';
import { UsageError } from './usage-error.js';

export const explain: CommandModule<object, { code: string }> = {
  command: 'explain <code>',
  describe: 'say what a diagnostic means',
  builder: (yargs) => yargs.positional('code', { type: 'string', demandOption: true, describe: 'e.g. GWC2103' }) as never,
  handler({ code }) {
    const wanted = code.toUpperCase();
    const definitions = allDiagnostics();
    const definition = definitions.find((each) => each.code === wanted);
    if (!definition) {
      const suggestion = closest(wanted, definitions.map((each) => each.code));
      throw new UsageError(`${code}: there is no such diagnostic${suggestion ? `; did you mean ${suggestion}?` : ''}`);
    }
    process.stdout.write(`${definition.code} (${definition.severity})\n\n${definition.help}\n`);
  },
};
