/**
 * What one rendering may cost. A template and the data it works on are hostile: nested loops, doubling strings and lists, recursive
 * blocks. Rendering is synchronous, so one module-level budget serves; whoever runs out gets an error, the gateway a 500 and a log line.
 */

/** Rendering failed: API Gateway answers 500 `{"message":"Internal server error"}`. The message is for the log, never for the client. */
export class TemplateError extends Error {
  override readonly name: string = 'TemplateError';
}

/** The payload starts like JSON and is not: API Gateway answers 400 `{"message": "Could not process payload…"}`. */
export class PayloadError extends TemplateError {
  override readonly name: string = 'PayloadError';
}

/** UTF-16 units of any one string, including the output: a little above three times API Gateway's largest payload (10 MB). */
export const MAX_TEXT = 32 * 1024 * 1024;
/** Elements of a list or map. */
export const MAX_ELEMENTS = 4 * 1024 * 1024;
/** Iterations of one `#foreach` (AWS: "A #foreach loop in a mapping template can run up to 1,000 iterations"). */
export const MAX_ITERATIONS = 1000;
/** Steps of one rendering: a loop iteration, a macro call, a visited element, 256 characters of text processed. */
const MAX_WORK = 10_000_000;
/** Nesting of values that are printed, compared or parsed. */
export const MAX_NESTING = 500;

let work = MAX_WORK;
let renderings = 0;

/** At the start of every rendering. */
export function beginWork(): void { work = MAX_WORK; renderings++; }

/** A number that only the rendering under way has: what happens once in it is known by it. */
export function currentRendering(): number { return renderings; }

export function step(count: number): void {
  if ((work -= count) < 0) throw new TemplateError('the template does too much work');
}

/** `text` when it is short enough. Charges for its length. */
export function bounded(text: string): string {
  if (text.length > 255) {
    step(text.length >>> 8);
    if (text.length > MAX_TEXT) throw new TemplateError(`the template makes a text of more than ${MAX_TEXT} characters`);
  }
  return text;
}

/** The same for a text that grows piece by piece: its length is checked, not charged for again. */
export function growing(text: string): string {
  if (text.length > MAX_TEXT) throw new TemplateError(`the template makes a text of more than ${MAX_TEXT} characters`);
  return text;
}

/** What `error` means for the caller: an engine limit (stack, string length) is the template's fault, anything else a bug of ours. */
export function asTemplateError(error: unknown): unknown {
  if (error instanceof RangeError) return new TemplateError('the template needs too much memory or nests too deeply');
  return error;
}
