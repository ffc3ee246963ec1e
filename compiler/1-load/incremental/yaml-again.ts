import type { Reporter } from '../../diagnostics/report.js';
import type { LoadCache } from '../load-cache.js';
import type { Parsed } from '../parse-json.js';
import { parseYaml } from '../parse-yaml.js';
import type { YamlSpans } from '../yaml-to-json.js';
import { outlinedYaml, reparseYaml } from './reparse-yaml.js';
import { YamlOutlinePositions } from './yaml-outline.js';

/** `parseYaml` of a file that may have been parsed before. */
export function yamlAgain(path: string, text: string, reporter: Reporter, cache: LoadCache): Parsed | undefined {
  const before = cache.get(path)?.yaml;
  let now = before && reparseYaml(before, text);
  if (!now) {
    const reported = reporter.diagnostics.length;
    const spans: YamlSpans = before?.spans ?? new WeakMap();
    const parsed = parseYaml(path, text, reporter, spans);
    // What is to be reported each time is read each time.
    if (!parsed || parsed.faulty || reporter.diagnostics.length > reported) return parsed;
    now = outlinedYaml(text, parsed, spans, before);
    if (!now) return parsed;
  }
  cache.set(path, { yaml: now });
  return { root: now.root, positions: new YamlOutlinePositions(now.root, now.outline, now.spans), faulty: false };
}
