/** Which integration response a status leads to: decided at build time for all 500 of them (integrations.md §6). */
import { matchesPattern } from '../../runtime/vtl/java-regex/matches.js';
import { beginWork } from '../../runtime/vtl/limits.js';
import { code, join, type Code } from '../code.js';
import type { IntegrationResponse } from './read-responses.js';

/**
 * The entry whose own statusCode equals the status wins among several matching ones for mocks [O]; else the first pattern that matches
 * the status whole, in order; else the default; undefined: "No match for output mapping and no default output mapping configured".
 */
export function selectResponse(responses: readonly IntegrationResponse[], status: number, mock: boolean): IntegrationResponse | undefined {
  const matching = responses.filter((response) => response.pattern !== null && matches(response.pattern, status));
  return (mock ? matching.find((response) => response.status === status) : undefined) ?? matching[0] ?? responses.find((response) => response.pattern === null);
}

/** Of a Lambda function: the first pattern that matches the `errorMessage` whole ('' for a success), else the default. */
export function selectByMessage(responses: readonly IntegrationResponse[], errorMessage: string): IntegrationResponse | undefined {
  return responses.find((response) => response.pattern !== null && matchesText(response.pattern, errorMessage)) ?? responses.find((response) => response.pattern === null);
}

function matches(pattern: string, status: number): boolean {
  return matchesText(pattern, String(status));
}

export function matchesText(pattern: string, text: string): boolean {
  beginWork();
  try { return matchesPattern(pattern, false, text); } catch { return false; }
}

/**
 * Statements that run `answer(response)` for the response which `status` (an expression) selects, and `none` when there is none. Statuses with
 * the same response become ranges: no regular expression is left in the gateway.
 */
export function emitSelection(responses: readonly IntegrationResponse[], status: Code, mock: boolean, answer: (response: IntegrationResponse) => Code, none: Code): Code {
  const fallback = responses.find((response) => response.pattern === null);
  const ranges = new Map<IntegrationResponse, [number, number][]>();
  for (let each = 100; each <= 599; each++) {
    const response = selectResponse(responses, each, mock);
    if (!response || response === fallback) continue;
    const list = ranges.get(response) ?? [];
    const last = list.at(-1);
    if (last && last[1] === each - 1) last[1] = each;
    else list.push([each, each]);
    ranges.set(response, list);
  }
  const cases = [...ranges].map(([response, list]) => code`if (${join(list.map((range) => condition(status, range)), ' || ')}) {\n${answer(response)}\nreturn;\n}`);
  return join([...cases, fallback ? answer(fallback) : none], '\n');
}

function condition(status: Code, [from, to]: readonly [number, number]): Code {
  return from === to ? code`${status} === ${from}` : code`${status} >= ${from} && ${status} <= ${to}`;
}
