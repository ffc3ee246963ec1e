import { parseDocument, type YAMLError } from 'yaml';
import type { Reporter } from '../diagnostics/report.js';
import * as diagnostics from './diagnostics.js';
import { MAX_DEPTH } from './limits.js';
import { explainYamlError } from './yaml-faults.js';
import { YamlConverter, type ParsedYaml, type YamlSpans } from './yaml-to-json.js';

/**
 * YAML 1.2 (core schema) as JSON values; undefined (and reported) when it is not well formed. `spans`: where the places of its nodes are kept; `depth`: how deep
 * its root stands in the document.
 */
export function parseYaml(file: string, text: string, reporter: Reporter, spans?: YamlSpans, depth?: number): ParsedYaml | undefined {
  try {
    // Unique keys are checked while converting: the parser's own check is quadratic.
    const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false, keepSourceTokens: false, logLevel: 'error' });
    const error = document.errors[0];
    if (error) {
      reportError(file, text, error, reporter);
      return undefined;
    }
    if (document.contents === null) {
      reporter.report(diagnostics.emptyFile, { file, pointer: '', span: [0, 0] }, {});
      return undefined;
    }
    return new YamlConverter(file, text, reporter, spans).convertRoot(document.contents, depth);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reporter.report(diagnostics.tooDeep, { file, pointer: '', span: [0, 1] }, { limit: MAX_DEPTH });
    return undefined;
  }
}

function reportError(file: string, text: string, error: YAMLError, reporter: Reporter): void {
  if (error.code === 'RESOURCE_EXHAUSTION') {
    reporter.report(diagnostics.tooDeep, { file, pointer: '', span: [error.pos[0], error.pos[0] + 1] }, { limit: MAX_DEPTH });
    return;
  }
  if (error.code === 'MULTIPLE_DOCS') {
    reporter.report(diagnostics.severalDocuments, { file, pointer: '', span: [error.pos[0], error.pos[0] + 3] }, {});
    return;
  }
  const { span, ...explained } = explainYamlError(error, text);
  reporter.report(diagnostics.yamlSyntax, { file, pointer: '', span }, explained);
}
