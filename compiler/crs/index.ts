import type { CrsCheck, CrsRuleSet } from './ir.js';

/** The rule set that a build was given. */
export interface Crs {
  /** Rules of a family (`942`) up to a paranoia level, as checks of one text. */
  checks(family: string, paranoiaLevel: number): readonly CrsCheck[];
  /** All request rules but `excluded`, by id. */
  rules(excluded: ReadonlySet<string>): CrsRuleSet;
  readonly notCompiled: readonly { readonly id: string; readonly reason: string }[];
  readonly total: number;
}

/** A string says why there is none. */
export function loadCrs(_path: string, _cwd: string, _settings: { readonly paranoiaLevel: number; readonly threshold: number }): Crs | string {
  return 'not read yet';
}
