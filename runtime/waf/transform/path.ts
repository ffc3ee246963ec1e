/** NORMALIZE_PATH and NORMALIZE_PATH_WIN: several slashes become one, `.` and `..` are resolved, but not above the path's beginning. */

export function normalizePath(text: string): string {
  if (!/\/\/|(?:^|\/)\.\.?(?:\/|$)|\.\.\//.test(text)) return text;
  const isAbsolute = text.startsWith('/');
  const kept: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isAbsolute) kept.push('..');
  }
  const joined = (isAbsolute ? '/' : '') + kept.join('/');
  return text.endsWith('/') && kept.length > 0 ? `${joined}/` : joined;
}

/** Backslashes are slashes. */
export function normalizePathWin(text: string): string {
  return normalizePath(text.includes('\\') ? text.replace(/\\/g, '/') : text);
}
