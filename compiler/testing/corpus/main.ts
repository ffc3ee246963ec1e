/** `npm run corpus`: builds every document of the corpus and says what became of it. Exit 1 when one crashed, a client does not compile or a gateway answers wrongly. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { corpusDocuments } from './documents.js';
import { nativeCompiler } from './native-client-types.js';
import type { Outcome } from './outcome.js';
import { buildAll } from './pool.js';
import { CALLED } from './sample.js';
import { summarise } from './summary.js';

const USAGE = `npm run corpus -- [options]

  --filter TEXT     only documents whose name holds TEXT
  --names FILE      only documents whose names stand in FILE, one to a line
  --sample          only the fixed sample, whose gateways are called and whose clients are checked
  --limit N         the first N of them (smallest first)
  --min-bytes N, --max-bytes N
  --jobs N          processes at a time (1)
  --seconds N       for one document (300)
  --heap N          megabytes for one process (4096)
  --types WHO       who checks clients under --strict: native (TypeScript 7, fetched once; the default), own (the compiler's TypeScript; that of --sample) or none
  --resume          go on where the report ends
  --report FILE     where outcomes go: FILE, one JSON object to a line, and FILE.txt, the summary (corpus-report.jsonl in the cache)`;

const { values } = parseArgs({ options: {
  filter: { type: 'string', default: '' }, names: { type: 'string' }, sample: { type: 'boolean', default: false }, limit: { type: 'string' }, 'min-bytes': { type: 'string', default: '0' }, 'max-bytes': { type: 'string' }, jobs: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '300' }, heap: { type: 'string', default: '4096' }, types: { type: 'string' }, resume: { type: 'boolean', default: false }, report: { type: 'string' }, help: { type: 'boolean', default: false },
} });
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const number = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) && value !== Infinity || value < 0) { console.error(`not a number: ${text}\n\n${USAGE}`); process.exit(2); }
  return value;
};

const everything = await corpusDocuments();
const wanted = values.sample ? new Set(CALLED) : values.names === undefined ? undefined : new Set(readFileSync(values.names, 'utf8').split('\n'));
const most = number(values['max-bytes'], Infinity);
const least = number(values['min-bytes'], 0);
const chosen = everything.filter(({ name, bytes }) => name.includes(values.filter) && (!wanted || wanted.has(name)) && bytes >= least && bytes <= most).slice(0, number(values.limit, Infinity));
const report = values.report ?? join(dirname(everything[0]!.path).replace(/(.*[\\/]gwc)[\\/].*/, '$1'), 'corpus-report.jsonl');
mkdirSync(dirname(report), { recursive: true });

const outcomes = new Map<string, Outcome>();
if (values.resume && existsSync(report)) for (const line of readFileSync(report, 'utf8').split('\n')) if (line !== '') outcomes.set((JSON.parse(line) as Outcome).name, JSON.parse(line) as Outcome);
if (!values.resume) writeFileSync(report, '');
const left = chosen.filter(({ name }) => !outcomes.has(name));
const who = values.types ?? (values.sample ? 'own' : 'native');
if (who !== 'native' && who !== 'own' && who !== 'none') { console.error(`not a type checker: ${who}\n\n${USAGE}`); process.exit(2); }
const terminal = process.stderr.isTTY === true && process.env['CI'] === undefined;
console.log(`${chosen.length} of ${everything.length} documents${left.length < chosen.length ? `, ${chosen.length - left.length} of them done before` : ''}`);

let done = 0;
await buildAll(left, {
  jobs: Math.max(1, number(values.jobs, 1)), seconds: number(values.seconds, 300), heapMegabytes: number(values.heap, 4096),
  calls: values.sample ? 8 : 0,
  types: who === 'native' ? { tsc: await nativeCompiler() } : who === 'own' ? who : null,
  onOutcome(outcome) {
    outcomes.set(outcome.name, outcome);
    appendFileSync(report, `${JSON.stringify(outcome)}\n`);
    done++;
    if (terminal) process.stderr.write(`\r\u001b[K${done}/${left.length} ${outcome.name}`);
    if (outcome.result === 'crashed') process.stderr.write(`${terminal ? '\r\u001b[K' : ''}crashed: ${outcome.name}: ${outcome.crash!.split('\n')[0]}\n`);
  },
});
if (terminal) process.stderr.write('\r\u001b[K');
const results = [...outcomes.values()];
const text = summarise(results);
writeFileSync(`${report}.txt`, text);
process.stdout.write(`${text}\n${report}\n`);
process.exitCode = results.some(({ result, typeErrors = [], trial }) => result === 'crashed' || typeErrors.length > 0 || (trial?.faults.length ?? 0) > 0) ? 1 : 0;
