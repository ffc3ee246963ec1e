/** The Java engines as oracles: Debian's `velocity` and `libjsonpath-java` packages behind small drivers, one JVM for many cases. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Driver { readonly name: string; readonly jars: readonly string[]; readonly debianPackage: string }

const VELOCITY: Driver = { name: 'VelocityDriver', debianPackage: 'velocity', jars: ['velocity', 'commons-collections3', 'commons-lang', 'commons-logging'] };
const JSON_PATH: Driver = { name: 'JsonPathDriver', debianPackage: 'libjsonpath-java libslf4j-java', jars: ['json-path', 'json-smart', 'accessors-smart', 'asm', 'slf4j-api', 'slf4j-nop'] };

// Compiled tests run from build/: the drivers' sources stay where they are.
const SOURCES = fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]build[\\/]/, '/');
const TIME_LIMIT_MS = 120_000;

function jarPaths(driver: Driver): string[] { return driver.jars.map((name) => `/usr/share/java/${name}.jar`); }

function whyNot(driver: Driver): string | undefined {
  const missing = jarPaths(driver).find((jar) => !existsSync(jar));
  if (missing) return `${missing} is missing (apt-get install ${driver.debianPackage})`;
  try {
    execFileSync('javac', ['-version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'javac is missing (a JDK is needed)';
  }
}

/** Why the Java engine cannot be used here; undefined when it can. */
export function whyNoJava(): string | undefined { return whyNot(VELOCITY); }
export function whyNoJayway(): string | undefined { return whyNot(JSON_PATH); }

const compiled = new Map<string, string>();

function compile(driver: Driver): string {
  let classes = compiled.get(driver.name);
  if (!classes) {
    classes = mkdtempSync(join(tmpdir(), 'gwc-java-'));
    execFileSync('javac', ['-nowarn', '-cp', jarPaths(driver).join(':'), '-d', classes, join(SOURCES, `${driver.name}.java`)], { stdio: ['ignore', 'ignore', 'inherit'] });
    compiled.set(driver.name, classes);
  }
  return classes;
}

async function run(driver: Driver, input: readonly string[], args: readonly string[] = []): Promise<string[]> {
  const child = spawn('java', ['-Xss4m', '-cp', [...jarPaths(driver), compile(driver)].join(':'), driver.name, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  child.stdin.end(input.join('\n') + '\n');
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  clearTimeout(timer);
  return text.trimEnd().split('\n');
}

export interface JavaCase {
  readonly template: string;
  /** A JSON object. */
  readonly variables: string;
}
export type JavaResult = { readonly output: string } | { readonly error: string };

function lines(cases: readonly JavaCase[]): string[] {
  return cases.map(({ template, variables }) => `[${JSON.stringify(template)},${variables}]`);
}

/** What the Java engine makes of each case, in order. */
export async function renderWithJava(cases: readonly JavaCase[]): Promise<JavaResult[]> {
  const answers = await run(VELOCITY, lines(cases));
  if (answers.length !== cases.length) throw new Error(`the Java engine answered ${answers.length} of ${cases.length} cases`);
  return answers.map((line) => {
    const text = Buffer.from(line.slice(2), 'base64').toString('utf8');
    return line[0] === 'O' ? { output: text } : { error: text };
  });
}

/** Nanoseconds per rendering of each case in a warm JVM: the best of five rounds of `rounds` renderings. */
export async function timeWithJava(cases: readonly JavaCase[], rounds: number): Promise<number[]> {
  return (await run(VELOCITY, lines(cases), ['bench', String(rounds)])).map((line) => Number(line.split(' ')[0]));
}

/** What Jayway reads at each path: a JSON value, 'missing' or 'invalid'. */
export async function readWithJayway(document: string, paths: readonly string[]): Promise<unknown[]> {
  const answers = await run(JSON_PATH, [document, ...paths]);
  if (answers.length !== paths.length) throw new Error(`Jayway answered ${answers.length} of ${paths.length} paths`);
  return answers.map((line) => (line[0] === 'M' ? 'missing' : line[0] === 'E' ? 'invalid' : JSON.parse(line.slice(2))));
}
