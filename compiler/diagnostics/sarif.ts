/** Diagnostics as SARIF 2.1.0 (OASIS), which code scanning services and editors read. */
import { pathToFileURL } from 'node:url';
import type { Diagnostic, DiagnosticDefinition } from './define.js';
import type { Sources } from './locate.js';
import type { Location } from '../1-load/document.js';
import { inReadingOrder } from './order.js';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** One run; the rules are those of `catalogue` that were reported. */
export function renderSarif(diagnostics: readonly Diagnostic[], sources: Sources, version: string, catalogue: readonly DiagnosticDefinition<never>[]): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const rules = codes.map((code) => {
    const definition = catalogue.find((each) => each.code === code);
    return { id: code, ...(definition && { fullDescription: { text: definition.help }, help: { text: definition.help, markdown: definition.help }, defaultConfiguration: { level: LEVELS[definition.severity] } }) };
  });
  const results = inReadingOrder(diagnostics, sources).map((diagnostic) => ({
    ruleId: diagnostic.code, ruleIndex: codes.indexOf(diagnostic.code), level: LEVELS[diagnostic.severity],
    message: { text: diagnostic.hint === undefined ? diagnostic.message : `${diagnostic.message}\n${diagnostic.hint}` },
    locations: [location(sources.locate(diagnostic.origin), diagnostic.origin.pointer)],
    ...(diagnostic.notes.length > 0 && { relatedLocations: diagnostic.notes.map((note, id) => ({ id, ...location(sources.locate(note.origin), note.origin.pointer), message: { text: note.message } })) }),
  }));
  return `${JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0',
    runs: [{ tool: { driver: { name: 'gwc', semanticVersion: version, rules } }, columnKind: 'utf16CodeUnits', originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(sources.cwd).href}/` } }, results }],
  }, null, 2)}\n`;
}

function location({ file, line, column, endColumn }: Location, pointer: string): object {
  const isRelative = !/^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/)/.test(file);
  return {
    physicalLocation: {
      artifactLocation: isRelative ? { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' } : { uri: file.startsWith('/') ? pathToFileURL(file).href : file },
      region: { startLine: line, startColumn: column, ...(endColumn > column && { endColumn }) },
    },
    ...(pointer !== '' && { logicalLocations: [{ fullyQualifiedName: pointer, kind: 'value' }] }),
  };
}
