import type { Diagnostic } from '../../diagnostics/define.js';

/** Of the validator's diagnostics those that no other one explains better: at the same place, further inside, or about the whole object around it. */
export function unexplained(validation: readonly Diagnostic[], others: readonly Diagnostic[]): Diagnostic[] {
  if (validation.length === 0) return [];
  const places = new Set<string>();
  const holders = new Set<string>();
  for (const { origin, severity } of others) {
    places.add(placeOf(origin));
    // A warning about an object says little about what else is wrong inside; an error means that nothing inside could be read.
    if (severity === 'error' && origin.pointer !== '') holders.add(placeOf(origin));
    for (let pointer = parentOf(origin.pointer); pointer !== undefined && pointer !== ''; pointer = parentOf(pointer)) places.add(placeOf({ file: origin.file, pointer }));
  }
  return validation.filter(({ origin }) => {
    if (places.has(placeOf(origin))) return false;
    for (let pointer = parentOf(origin.pointer); pointer !== undefined; pointer = parentOf(pointer)) if (holders.has(placeOf({ file: origin.file, pointer }))) return false;
    return true;
  });
}

function placeOf({ file, pointer }: { file: string; pointer: string }): string {
  return `${file}#${pointer}`;
}

function parentOf(pointer: string): string | undefined {
  return pointer === '' ? undefined : pointer.slice(0, pointer.lastIndexOf('/'));
}
