/** The `gwc` command. Exit 0 done, 1 the document has errors, 2 wrong usage. */
import yargs, { type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { build } from './build.js';
import { check } from './check.js';
import { dev } from './dev.js';
import { explain } from './explain.js';
import { iam } from './iam.js';
import { init } from './init.js';
import { keys } from './keys.js';
import { plan } from './plan.js';
import { usagePlans } from './usage-plans.js';
import { render } from './render.js';
import { UsageError } from './usage-error.js';
import { usage } from './usage.js';
import { version } from './version.js';

let running: Promise<void> | undefined;

/** yargs lays out the help text whenever a handler returns a promise, which takes longer than reading a small document: so it does not get one. */
function started<T, U>(command: CommandModule<T, U>): CommandModule<T, U> {
  return { ...command, handler(args) { running = Promise.resolve(command.handler(args)); } };
}

const parser = yargs(hideBin(process.argv))
  .scriptName('gwc')
  .usage('$0 <command>\n\nCompiles an OpenAPI document, with Amazon API Gateway\'s extensions, into one gateway file and typed clients.')
  .command(started(build))
  .command(started(check))
  .command(started(plan))
  .command(started(dev))
  .command(started(render))
  .command(started(explain))
  .command(started(init))
  .command(started(keys))
  .command(started(usagePlans))
  .command(started(usage))
  .command(started(iam))
  .demandCommand(1, 'give a command')
  .strict()
  .recommendCommands()
  .help()
  .alias('h', 'help')
  .version(version)
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .fail((message, error, instance) => {
    if (error && !(error instanceof UsageError)) throw error;
    process.stderr.write(`${error?.message ?? message}\n\n`);
    if (!error) instance.showHelp('error');
    process.exit(2);
  });

try {
  await parser.parseAsync();
  await running;
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  process.stderr.write(`internal error, please report it with the document:\n${(error as Error).stack}\n`);
  process.exit(70);
}
