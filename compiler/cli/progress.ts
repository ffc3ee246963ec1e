/** One line on a terminal that says what a long build is doing; silent in CI and when output is not a terminal. */
import type { Phase } from '../index.js';

const WORDS: Readonly<Record<Phase, string>> = {
  load: 'reading the document', read: 'understanding it', plan: 'planning', validate: 'validating against the OpenAPI schema',
  emit: 'generating the gateway', bundle: 'bundling', clients: 'generating clients',
};
const ORDER = Object.keys(WORDS) as Phase[];

export class Progress {
  private readonly active = process.stderr.isTTY === true && !process.env['CI'];
  private readonly started = performance.now();

  readonly onPhase = (phase: Phase, operations: number | undefined): void => {
    if (!this.active) return;
    const seconds = ((performance.now() - this.started) / 1000).toFixed(1);
    process.stderr.write(`\r\x1b[2K[${ORDER.indexOf(phase) + 1}/${ORDER.length}] ${WORDS[phase]}…${operations === undefined ? '' : ` ${operations} operations`} ${seconds} s`);
  };

  clear(): void {
    if (this.active) process.stderr.write('\r\x1b[2K');
  }
}
