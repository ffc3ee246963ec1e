/** What stands at a path of names and indexes in parsed JSON; own members only. undefined when there is nothing. */
export function jsonAt(value: unknown, steps: readonly (string | number)[]): unknown {
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) {
      if (typeof step !== 'number') return undefined;
      value = value[step < 0 ? value.length + step : step];
    } else {
      if (!Object.hasOwn(value, step)) return undefined;
      value = (value as Record<string, unknown>)[step];
    }
  }
  return value;
}
