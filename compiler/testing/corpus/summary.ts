import type { Outcome } from './outcome.js';

/** The run as text: built, refused by code, crashed, clients that do not compile, and who was slowest and largest. */
export function summarise(outcomes: readonly Outcome[]): string {
  const lines: string[] = [];
  const of = (result: Outcome['result']): Outcome[] => outcomes.filter((outcome) => outcome.result === result);
  const operations = outcomes.reduce((sum, outcome) => sum + (outcome.operations ?? 0), 0);
  lines.push(`${outcomes.length} documents, ${operations} operations: ${of('built').length} built, ${of('refused').length} refused, ${of('crashed').length} crashed`);
  const checked = outcomes.filter(({ typeErrors }) => typeErrors !== undefined);
  const broken = checked.filter(({ typeErrors }) => typeErrors!.length > 0);
  if (checked.length > 0) lines.push(`${checked.length} clients checked with tsc --strict: ${broken.length} with errors`);

  const called = outcomes.flatMap((outcome) => (outcome.trial ? [{ ...outcome, trial: outcome.trial }] : []));
  const wrong = called.filter(({ trial }) => trial.faults.length > 0);
  const count = (key: 'answered' | 'refused' | 'skipped'): number => called.reduce((sum, { trial }) => sum + trial[key], 0);
  if (called.length > 0) lines.push(`${called.length} gateways called: ${count('answered')} conforming answers, ${count('refused')} broken requests refused, ${count('skipped')} operations skipped; ${wrong.length} gateways with faults`);

  const classes = new Map<string, Outcome[]>();
  for (const outcome of of('refused')) for (const code of Object.keys(outcome.errors!)) classes.set(code, [...(classes.get(code) ?? []), outcome]);
  for (const [code, list] of [...classes].sort((a, b) => b[1].length - a[1].length)) {
    lines.push(`\nrefused with ${code}: ${list.length} document${list.length === 1 ? '' : 's'}`, `  ${list[0]!.name}:${list[0]!.examples![code]}`);
  }
  for (const { name, crash } of of('crashed')) lines.push(`\ncrashed: ${name}`, `  ${crash!.replaceAll('\n', '\n  ')}`);
  for (const { name, typeErrors } of broken.slice(0, 20)) lines.push(`\ndoes not compile: ${name}`, `  ${typeErrors![0]}`);

  for (const { name, trial } of wrong.slice(0, 20)) lines.push(`\nanswers wrongly: ${name}`, `  ${trial.faults[0]}`);

  const list = (title: string, measure: (outcome: Outcome) => number, unit: string): void => {
    lines.push(`\n${title}`, ...[...outcomes].sort((a, b) => measure(b) - measure(a)).slice(0, 10).map((outcome) => `  ${measure(outcome).toFixed(1).padStart(8)} ${unit}  ${outcome.name} (${outcome.operations ?? '?'} operations)`));
  };
  list('slowest', ({ milliseconds }) => milliseconds / 1000, 's ');
  list('largest gateways', ({ gatewayBytes = 0 }) => gatewayBytes / 1e6, 'MB');
  return `${lines.join('\n')}\n`;
}
