/** The Java engine as an oracle: Debian's `velocity` package behind VelocityDriver.java, one JVM for many templates. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const JARS = ['velocity', 'commons-collections3', 'commons-lang', 'commons-logging'].map((name) => `/usr/share/java/${name}.jar`);
// Compiled tests run from build/: the driver's source stays where it is.
const SOURCE = fileURLToPath(import.meta.url).replace(/[\\/]build[\\/]/, '/').replace(/java-engine\.js$/, 'VelocityDriver.java');

/** Why the Java engine cannot be used here; undefined when it can. */
export function whyNoJava(): string | undefined {
  const missing = JARS.find((jar) => !existsSync(jar));
  if (missing) return `${missing} is missing (apt-get install velocity)`;
  try {
    execFileSync('javac', ['-version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'javac is missing (a JDK is needed)';
  }
}

export interface JavaCase {
  readonly template: string;
  /** A JSON object. */
  readonly variables: string;
}
export type JavaResult = { readonly output: string } | { readonly error: string };

let classes: string | undefined;

function compileDriver(): string {
  if (!classes) {
    classes = mkdtempSync(join(tmpdir(), 'gwc-velocity-'));
    execFileSync('javac', ['-nowarn', '-cp', JARS.join(':'), '-d', classes, SOURCE], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return classes;
}

async function run(cases: readonly JavaCase[], args: readonly string[]): Promise<string[]> {
  const child = spawn('java', ['-Xss4m', '-cp', [...JARS, compileDriver()].join(':'), 'VelocityDriver', ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  child.stdin.end(cases.map(({ template, variables }) => `[${JSON.stringify(template)},${variables}]`).join('\n') + '\n');
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  return text.trimEnd().split('\n');
}

/** What the Java engine makes of each case, in order. */
export async function renderWithJava(cases: readonly JavaCase[]): Promise<JavaResult[]> {
  const lines = await run(cases, []);
  if (lines.length !== cases.length) throw new Error(`the Java engine answered ${lines.length} of ${cases.length} cases`);
  return lines.map((line) => {
    const text = Buffer.from(line.slice(2), 'base64').toString('utf8');
    return line[0] === 'O' ? { output: text } : { error: text };
  });
}

/** Nanoseconds per rendering of each case in a warm JVM: the best of five rounds of `rounds` renderings. */
export async function timeWithJava(cases: readonly JavaCase[], rounds: number): Promise<number[]> {
  return (await run(cases, ['bench', String(rounds)])).map((line) => Number(line.split(' ')[0]));
}
