/** Texts of a JSON body as the arguments that libmodsecurity makes of them: `json.order.items.0`. Flat: name, text, name, text… */
import { scanJson } from './json-body.js';

/** A body whose names together are so many times as long as itself is made to be: a long name over a long list stands in front of each item. */
const MOST_GROWTH = 8;
/** Characters of names that are never too many. */
const ALWAYS = 4_096;

/** Beyond the bound names are not told apart, but every key and text is there. */
export function jsonArguments(body: string, isCut: boolean): string[] {
  const { keys, keyPaths, values, valuePaths, isPathCut } = scanJson(body, isCut);
  const pairs: string[] = [];
  let length = 0;
  for (const path of valuePaths) length += path.length;
  for (const path of keyPaths) length += path.length;
  if (isPathCut || length > ALWAYS + MOST_GROWTH * body.length) {
    for (const key of keys) pairs.push(`json.${key}`, '');
    for (const value of values) pairs.push('json', value);
    return pairs;
  }
  const withTexts = new Set<string>();
  values.forEach((value, index) => {
    const own = valuePaths[index]!;
    pairs.push(nameOf(own), value);
    for (let path = own; path !== '' && !withTexts.has(path); path = path.slice(0, path.lastIndexOf('/'))) withTexts.add(path);
  });
  // Names of objects are in the paths of what is inside of them; those of empty ones are not.
  for (const path of keyPaths) if (!withTexts.has(path)) pairs.push(nameOf(path), '');
  return pairs;
}

function nameOf(path: string): string {
  return `json${path.replace(/\//g, '.').replace(/~1/g, '/').replace(/~0/g, '~')}`;
}
