/** Health checks of the targets behind a VPC link, as load balancers make them. */
import type { Upstream } from './upstream.js';

export interface HealthCheck {
  /** Request target of the GET. */
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Answers in a row after which a target counts as up … */
  readonly healthyThreshold: number;
  /** … and failures in a row after which it counts as down. */
  readonly unhealthyThreshold: number;
}

/** Answers of checks are not read further. */
const ANSWER_LIMIT = 65_536;

/** `host`: of the check's request. */
export interface CheckedTarget { readonly upstream: Upstream; readonly host: string }

/** Checks every target from now on; targets count as up until they fail. Returns what ends it. */
export function watchHealth(check: HealthCheck, targets: readonly CheckedTarget[], mark: (index: number, isUp: boolean) => void): () => void {
  const ends = targets.map((target, index) => watch(check, target, (isUp) => mark(index, isUp)));
  return () => { for (const end of ends) end(); };
}

function watch({ path, intervalMs, timeoutMs, healthyThreshold, unhealthyThreshold }: HealthCheck, { upstream, host }: CheckedTarget, mark: (isUp: boolean) => void): () => void {
  let isUp = true, inARow = 0, isAsking = false;
  const found = (good: boolean): void => {
    isAsking = false;
    inARow = good === isUp ? 0 : inARow + 1;
    if (inARow < (good ? healthyThreshold : unhealthyThreshold)) return;
    isUp = good;
    inARow = 0;
    mark(isUp);
  };
  const ask = (): void => {
    if (isAsking) return;
    isAsking = true;
    upstream.call({ method: 'GET', target: path, fields: ['Accept', '*/*', 'User-Agent', 'gwc-health-check'], host, body: null, timeoutMs }, ANSWER_LIMIT, ({ status }) => found(status >= 200 && status < 400), () => found(false));
  };
  ask();
  const timer = setInterval(ask, intervalMs).unref();
  return () => { clearInterval(timer); upstream.close(); };
}
