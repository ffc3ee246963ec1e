import { code, EMPTY, helper, type Code } from '../../code.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Feature, RawApi, Unit } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import type { CompressionPart } from './ir.js';

const runtime = helper<typeof import('../../../runtime/compression/apply-compression.js')>();

/** `x-amazon-apigateway-minimum-compression-size`: requests are decoded before anything reads them, answers compressed on their way out (rest-pipeline.md §6). */
export const compression: Feature<never, CompressionPart> = {
  key: 'compression',
  stage: 'send',
  diagnostics,
  readApi: readCompression,
  summary: () => '',
  emitDispatch: emitCompression,
};

function emitCompression(part: CompressionPart, unit: Unit): Code {
  // Answers that stream are not compressed (rest-pipeline.md §7 [D]).
  const streaming = unit.routesWhere(({ integration }) => 'streams' in integration && integration.streams);
  const guard = streaming.length === 0 ? EMPTY : code`if (!${unit.constant('STREAMING', code`new Set<number>(${streaming})`)}.has(route)) `;
  return code`if (!${runtime('compression/apply-compression', 'decodeRequest')}(exchange, ${unit.gatewayResponse('UNSUPPORTED_MEDIA_TYPE')})) return;
${guard}${runtime('compression/apply-compression', 'compressAnswer')}(exchange, ${part.minimumSize});`;
}

function readCompression(raw: RawApi, reporter: Reporter): CompressionPart | undefined {
  const node = raw.root.get('x-amazon-apigateway-minimum-compression-size');
  if (node === undefined || node.value === null || node.value === '') return undefined;
  if (raw.flavour === 'http') { reporter.report(diagnostics.HTTP_API_HAS_NO_COMPRESSION, node.keyOrigin, {}); return undefined; }
  const size = typeof node.value === 'number' ? node.value : Number(String(node.value).trim());
  if (Number.isInteger(size) && size >= 0 && size <= 10_485_760) return { minimumSize: size };
  reporter.report(diagnostics.INVALID_MINIMUM_SIZE, node.origin, { value: String(node.value) });
  return undefined;
}
