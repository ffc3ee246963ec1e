/** Path variables in OpenAPI's styles: simple `5`, label `.5`, matrix `;id=5`. Values arrive as sent, still percent-encoded. */
import { decodePercent, MALFORMED, plainDelimiters, toAssignments, toList, toPairs, type Conversions, type Convert, type Separator, type Text } from './text.js';

export function pathText(raw: string): Text { return decodePercent(raw); }

/** `3,4,5`, and OpenAPI 2.0's other separators, which a path cannot hold but escaped. */
export function pathList(raw: string, separator: Separator, conversion: Convert): unknown { return toList(plainDelimiters(raw, separator), separator, decodePercent, conversion); }

export function pathPairs(raw: string, conversions: Conversions): unknown { return toPairs(raw, ',', decodePercent, conversions); }

export function pathAssignments(raw: string, conversions: Conversions): unknown { return toAssignments(raw, ',', decodePercent, conversions); }

/** Label style: what follows the dot; malformed without one. */
function afterDot(raw: string): string | undefined { return raw.startsWith('.') ? raw.slice(1) : undefined; }

export function labelText(raw: string): Text {
  const value = afterDot(raw);
  return value === undefined ? MALFORMED : decodePercent(value);
}

/** `.3.4.5` when exploded, else `.3,4,5`. */
export function labelList(raw: string, separator: '.' | ',', conversion: Convert): unknown {
  const value = afterDot(raw);
  return value === undefined ? MALFORMED : toList(value, separator, decodePercent, conversion);
}

/** `.role,admin` */
export function labelPairs(raw: string, conversions: Conversions): unknown {
  const value = afterDot(raw);
  return value === undefined ? MALFORMED : toPairs(value, ',', decodePercent, conversions);
}

/** `.role=admin.age=5` */
export function labelAssignments(raw: string, conversions: Conversions): unknown {
  const value = afterDot(raw);
  return value === undefined ? MALFORMED : toAssignments(value, '.', decodePercent, conversions);
}

/** Matrix style: what follows `;name=`; '' for `;name` alone; undefined when it is something else. */
function afterName(raw: string, name: string): string | undefined {
  if (!raw.startsWith(';')) return undefined;
  const equals = raw.indexOf('=');
  const written = decodePercent(equals < 0 ? raw.slice(1) : raw.slice(1, equals));
  return written === name ? (equals < 0 ? '' : raw.slice(equals + 1)) : undefined;
}

export function matrixText(raw: string, name: string): Text {
  const value = afterName(raw, name);
  return value === undefined || value.includes(';') ? MALFORMED : decodePercent(value);
}

/** `;id=3,4,5` */
export function matrixList(raw: string, name: string, conversion: Convert): unknown {
  const value = afterName(raw, name);
  return value === undefined || value.includes(';') ? MALFORMED : toList(value, ',', decodePercent, conversion);
}

/** `;id=3;id=4;id=5` (explode) */
export function matrixItems(raw: string, name: string, conversion: Convert): unknown {
  if (!raw.startsWith(';')) return MALFORMED;
  const list: unknown[] = [];
  for (const part of raw.slice(1).split(';')) {
    const value = afterName(`;${part}`, name);
    const text = value === undefined ? MALFORMED : decodePercent(value);
    if (text === MALFORMED) return MALFORMED;
    list.push(conversion(text));
  }
  return list;
}

/** `;color=R,100,G,200` */
export function matrixPairs(raw: string, name: string, conversions: Conversions): unknown {
  const value = afterName(raw, name);
  return value === undefined || value.includes(';') ? MALFORMED : toPairs(value, ',', decodePercent, conversions);
}

/** `;R=100;G=200` (explode) */
export function matrixAssignments(raw: string, conversions: Conversions): unknown {
  return raw.startsWith(';') ? toAssignments(raw.slice(1), ';', decodePercent, conversions) : MALFORMED;
}
