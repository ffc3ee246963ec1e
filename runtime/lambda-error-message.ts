/** `errorMessage` of a function error's payload. */
export function errorMessage(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const message = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['errorMessage'] : undefined;
    return typeof message === 'string' ? message : text.slice(0, 500);
  } catch { return text.slice(0, 500); }
}
