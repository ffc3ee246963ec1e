/** One run of wrk against one gateway, and what it cost the gateway. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuSeconds, type Running, scratch } from './subjects.js';

const run = promisify(execFile);

export const ROUNDS = Number(process.env.ROUNDS ?? 3);
export const SECONDS = Number(process.env.SECONDS ?? 3);
export const CONNECTIONS = Number(process.env.CONNECTIONS ?? 64);
export const GATEWAY_CORE = 0;
/** Load and backend. */
export const LOAD_CORE = availableParallelism() > 1 ? 1 : 0;

export interface Load {
  readonly path: string;
  readonly connections?: number;
  /** A wrk script (Lua). */
  readonly script?: string;
  /** What every answer has to be. */
  readonly status?: number;
}

export interface Sample {
  readonly requests: number;
  /** Answers with another status, and broken or timed-out connections. */
  readonly errors: number;
  readonly rate: number;
  readonly bytesPerSecond: number;
  /** Of all processes of the gateway, seconds. */
  readonly cpu: number;
  readonly meanMs: number;
  readonly p99Ms: number;
}

/** The load and backend core stays what it is: only what the gateway uses is counted. */
export async function load(port: number, { path, connections = CONNECTIONS, script = '', status = 200 }: Load, gateway: Running, seconds = SECONDS): Promise<Sample> {
  const file = join(scratch('wrk'), `load-${port}.lua`);
  writeFileSync(file, script);
  // wrk tells only whether answers are 2xx or 3xx; `checkStatus` looks at the code itself once before.
  const counted = status < 400;
  const before = cpuSeconds(gateway.pid);
  const { stdout } = await run('taskset', ['-c', String(LOAD_CORE), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '--latency', ...(script === '' ? [] : ['-s', file]), `http://127.0.0.1:${port}${path}`], { encoding: 'utf8' });
  const cpu = cpuSeconds(gateway.pid) - before;
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0);
  const requests = number(/(\d+) requests in/);
  const other = number(/Non-2xx or 3xx responses: (\d+)/);
  const broken = [...(/Socket errors: (.*)/.exec(stdout)?.[1] ?? '').matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
  return {
    requests, cpu, rate: number(/Requests\/sec:\s+([\d.]+)/), errors: broken + (counted ? other : requests - other),
    bytesPerSecond: bytes(/Transfer\/sec:\s+([\d.]+)([KMG]?)B/.exec(stdout)), meanMs: milliseconds(/Latency\s+([\d.]+)(us|ms|s)/.exec(stdout)), p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
  };
}

function milliseconds(match: RegExpExecArray | null): number {
  return Number(match?.[1] ?? 0) * (match?.[2] === 's' ? 1_000 : match?.[2] === 'us' ? 0.001 : 1);
}

function bytes(match: RegExpExecArray | null): number {
  return Number(match?.[1] ?? 0) * (match?.[2] === 'G' ? 2 ** 30 : match?.[2] === 'M' ? 2 ** 20 : match?.[2] === 'K' ? 1_024 : 1);
}

export const cpuPerRequest = (sample: Sample): number => sample.cpu / sample.requests;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** `1.52 (1.49–1.60)`. */
export function spread(values: readonly number[], digits = 2): string {
  return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
}
