import type { Feature } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import type { GatewayResponsesPart } from './ir.js';
import { readGatewayResponses } from './read.js';

/** What the gateway answers itself, customised by `x-amazon-apigateway-gateway-responses`. Emitted on demand by `unit.gatewayResponse`. */
export const gatewayResponses: Feature<never, GatewayResponsesPart> = {
  key: 'gatewayResponses',
  stage: 'send',
  diagnostics,
  readApi: readGatewayResponses,
  summary: () => '',
};
