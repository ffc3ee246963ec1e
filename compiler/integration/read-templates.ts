/** `requestTemplates` and `responseTemplates`: MIME type → VTL, parsed when read, so that its mistakes are found at build time. */
import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Origin } from '../diagnostics/define.js';
import { check } from '../vtl/check.js';
import { reportFindings } from '../vtl/finding.js';
import { constantText } from '../vtl/emit.js';
import { parse } from '../vtl/parse.js';

export interface MappingTemplate {
  /** Lower case, without parameters; '$default' takes any. */
  readonly type: string;
  readonly text: string;
  /** What it always gives, when that does not depend on the request. */
  readonly constant: string | null;
  readonly origin: Origin;
}

/** `lenient`: the output is read by a parser that takes more than JSON (a mock's `{statusCode: 200}`), so it is not checked as JSON. */
export function readTemplates(node: Node | undefined, reporter: Reporter, lenient = false): MappingTemplate[] {
  const templates: MappingTemplate[] = [];
  for (const [type, entry] of node?.entries() ?? []) {
    // Exports write null for a template that was saved empty.
    if (typeof entry.value !== 'string') continue;
    const parsed = parse(entry.value);
    reportFindings(check(parsed, { json: !lenient && /[/+]json\b/i.test(type) }), entry.origin, reporter);
    if (parsed.problems.length > 0) continue;
    templates.push({ type: type.split(';', 1)[0]!.trim().toLowerCase(), text: entry.value, constant: constantText(parsed) ?? null, origin: entry.origin });
  }
  return templates;
}

/** Whether any of the templates writes to `$context.requestOverride` or `$context.responseOverride`. */
export function mentions(templates: readonly MappingTemplate[], holder: 'requestOverride' | 'responseOverride'): boolean {
  // A template that reaches them through a variable ($context[$x]) counts too.
  return templates.some((template) => template.text.includes(holder) || /\$!?\{?context\s*(\[|\.(get|put|entrySet|values)\b)/.test(template.text));
}
