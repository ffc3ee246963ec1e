/** One mistake, one message. */
import type { Document } from '../1-load/document.js';
import { Node, parsePointer } from '../1-load/node.js';
import { circularReference } from '../1-load/diagnostics.js';
import { brokenIntrinsic, needsTemplate, unresolvedPlaceholder } from '../1-load/placeholders/diagnostics.js';
import type { Diagnostic, Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { NOT_ALLOWED, ODD_TYPE, ODD_VALUE, UNKNOWN_EXTENSION_FIELD, WRONG_TYPE } from './known-fields-diagnostics.js';

const OF_VALUES: ReadonlySet<string> = new Set([WRONG_TYPE, ODD_TYPE, NOT_ALLOWED, ODD_VALUE].map(({ code }) => code));
const OF_INTRINSICS: ReadonlySet<string> = new Set([brokenIntrinsic.code, needsTemplate.code]);
/** A function, or an argument of one, below the value that it gives. */
const INTRINSIC = /(?:\/Fn::\w+(?:\/\d+)*)*(?:\/Fn::\w+(?:\/\d+)*|\/Ref)$/;
/** Of compiler/schema and features/lambda, which this phase does not know. */
const SELF_REFERENCE = 'GWC2613', WITHOUT_TARGET = 'GWC2503';
const RANK = { info: 0, warning: 1, error: 2 } as const;

/**
 * Takes back what others say better of the same place. `placeholders`: codes that say what a placeholder without a value is for.
 *
 * - checkKnownFields says of every value whether it is of the right kind; a slice that reads the value knows what it is for. What is as grave or graver stays.
 * - A placeholder without a value is listed once; where a slice says of each of its places what follows from that, it need not be. Where a value cannot be used because of
 *   it, that is the one mistake: the placeholder is the error.
 * - What is left of a value that could not be computed is no mistake of its own.
 */
export function withdrawSaidElsewhere(document: Document, reporter: Reporter, placeholders: ReadonlySet<string>): void {
  const gravest = new Map<string, number>();
  const explained = new Set<string>(), uncomputed = new Set<string>();
  for (const { code, severity, origin } of reporter.diagnostics) {
    const place = placeOf(origin);
    if (placeholders.has(code)) explained.add(place);
    if (OF_INTRINSICS.has(code)) uncomputed.add(place);
    // What 1-load says of a value, and what is said of a key, is another mistake.
    if (!OF_VALUES.has(code) && code > 'GWC2' && origin.key !== true) gravest.set(place, Math.max(gravest.get(place) ?? 0, RANK[severity]));
  }
  const placesOf = ({ file, pointer }: Origin): readonly string[] => [placeOf({ file, pointer }), placeOf({ file, pointer: pointer.replace(INTRINSIC, '') })];
  const spotsOf = (origin: Origin): readonly string[] => (origin.key === true ? [spotOf(origin)] : placesOf(origin));
  const broken = new Set(reporter.diagnostics.filter(({ code, severity }) => code > 'GWC2' && severity === 'error' && !placeholders.has(code)).map(({ origin }) => spotOf(origin)));
  const open = new Set<string>(), needed: Diagnostic[] = [];
  for (const found of reporter.diagnostics) {
    if (found.code !== unresolvedPlaceholder.code) continue;
    const origins = [found.origin, ...found.notes.map((note) => note.origin)];
    const places = origins.flatMap(spotsOf);
    const paths = origins.filter(({ key, pointer }) => key === true && /^\/paths\/[^/]+$/.test(pointer));
    const meant = paths.filter((origin) => isOfItsVariables(document, origin));
    if (meant.length === origins.length) {
      const name = /\{[^}]*\}/.exec(found.message)?.[0] ?? '{name}';
      needed.push({ ...found, hint: `write ${name} in the path, without the $, for the parameter that is declared with in: path` });
      continue;
    }
    // A path that is not known is no path.
    const isPath = paths.length > meant.length;
    if (!isPath && !places.some((place) => broken.has(place))) continue;
    for (const place of places) open.add(place);
    needed.push({ ...found, severity: 'error', message: `${found.message}, and the gateway cannot be built without it` });
  }
  const circular = new Set(reporter.diagnostics.filter(({ code }) => code === circularReference.code).flatMap(({ origin, notes }) => [origin, ...notes.map((note) => note.origin)]).map(placeOf));
  const targetless = new Set(reporter.diagnostics.filter(({ code }) => code === WITHOUT_TARGET).map(({ origin }) => placeOf(origin)));
  // An intrinsic function stands inside the value.
  const isExplained = ({ file, pointer }: Origin): boolean => placesOf({ file, pointer }).some((place) => explained.has(place));
  reporter.withdraw(({ code, severity, origin, notes }) => {
    const place = placeOf(origin);
    if (code > 'GWC2' && severity === 'error' && open.has(spotOf(origin)) && !placeholders.has(code)) return true;
    // A reference that leads to itself is no schema, and a function says what it has in place of a target.
    if (code === SELF_REFERENCE && circular.has(`${place}/$ref`)) return true;
    if (code === UNKNOWN_EXTENSION_FIELD.code && targetless.has(place.slice(0, place.lastIndexOf('/')))) return true;
    if (OF_VALUES.has(code)) return uncomputed.has(place) || (gravest.get(place) ?? 0) >= RANK[severity];
    if (code === unresolvedPlaceholder.code && needed.some((each) => each.origin === origin)) return true;
    if (code === unresolvedPlaceholder.code) return isExplained(origin) && notes.every((note) => isExplained(note.origin));
    return code > 'GWC2' && origin.key !== true && uncomputed.has(place);
  });
  reporter.add(needed);
}

/** `/pets/${petId}` where `petId` is declared with `in: path`: most likely `/pets/{petId}` is meant, and a path it is. */
function isOfItsVariables(document: Document, { file, pointer }: Origin): boolean {
  const item = Node.find(document, file, pointer)?.follow();
  if (!item?.isObject) return false;
  const parameters = [item, ...item.entries().map(([, child]) => child)].flatMap((node) => (node.isObject ? node.get('parameters')?.items() ?? [] : [])).map((node) => node.follow());
  const declared = new Set(parameters.filter((node) => node.string('in') === 'path').map((node) => node.string('name')));
  return [...parsePointer(pointer).at(-1)!.matchAll(/\$\{([^{}]*)\}/g)].every(([, name]) => declared.has(name));
}

function placeOf({ file, pointer }: Origin): string { return `${file}\n${pointer}`; }

/** A key and its value are two. */
function spotOf(origin: Origin): string { return origin.key === true ? `${placeOf(origin)}\nkey` : placeOf(origin); }
