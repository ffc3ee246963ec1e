import { code, helper, type Code } from '../../code.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Feature, RawApi } from '../../feature.js';
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
  emitDispatch: (part, unit): Code => code`if (!${runtime('compression/apply-compression', 'applyCompression')}(exchange, ${part.minimumSize}, ${unit.gatewayResponse('UNSUPPORTED_MEDIA_TYPE')})) return;`,
};

function readCompression(raw: RawApi, reporter: Reporter): CompressionPart | undefined {
  const node = raw.root.get('x-amazon-apigateway-minimum-compression-size');
  if (node === undefined || node.value === null || node.value === '') return undefined;
  if (raw.flavour === 'http') { reporter.report(diagnostics.HTTP_API_HAS_NO_COMPRESSION, node.keyOrigin, {}); return undefined; }
  const size = typeof node.value === 'number' ? node.value : Number(String(node.value).trim());
  if (Number.isInteger(size) && size >= 0 && size <= 10_485_760) return { minimumSize: size };
  reporter.report(diagnostics.INVALID_MINIMUM_SIZE, node.origin, { value: String(node.value) });
  return undefined;
}
