/** `errorMessage` of a function error's payload. */
export function errorMessage(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const message = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['errorMessage'] : undefined;
    return typeof message === 'string' ? message : text.slice(0, 500);
  } catch { return text.slice(0, 500); }
}

/** What selection patterns match: a payload's own `errorMessage`, '' when it has none. What is no text is taken as JSON. */
export function selectionText(text: string): string {
  if (!text.includes('"errorMessage"')) return '';
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'errorMessage')) return '';
    const message = (value as Record<string, unknown>)['errorMessage'];
    return typeof message === 'string' ? message : message === null ? '' : JSON.stringify(message);
  } catch { return ''; }
}
