/** What rules of the OWASP CRS do with the texts they look at, and when they fire. */
import { isUtf8 } from 'node:buffer';
import { addLabel, type WafRequest } from './request.js';

/** @validateUtf8Encoding. */
export function isNoUtf8(text: string): boolean {
  return /[\x80-\xff]/.test(text) && !isUtf8(Buffer.from(text, 'latin1'));
}

/** multiMatch: a text and what each transformation makes of it. */
export function everyStep(texts: readonly string[], transformations: readonly ((text: string) => string)[]): string[] {
  const all: string[] = [];
  for (const text of texts) {
    let step = text;
    all.push(step);
    for (const transform of transformations) {
      const next = transform(step);
      if (next !== step) all.push(next);
      step = next;
    }
  }
  return all;
}

/** A rule fired: the request is labelled with its id. Returns its score. */
export function fired(request: WafRequest, id: string, score: number): number {
  addLabel(request, `awswaf:managed:owasp:crs:${id}`);
  return score;
}

/** t:removeWhitespace. */
export function removeWhiteSpace(text: string): string {
  return text.replace(/[\t-\r \xa0]+/g, '');
}

/** t:length. */
export function lengthOf(text: string): string {
  return String(text.length);
}

/** @eq, @gt and their like take a text that is no number for 0. */
export function numberOf(text: string): number {
  const number = parseInt(text, 10);
  return Number.isNaN(number) ? 0 : number;
}
