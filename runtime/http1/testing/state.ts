/** A gateway state for tests of the transports. */
import type { GatewayState } from '../../gateway-state.js';

export function testState(overrides: Partial<GatewayState> = {}): GatewayState {
  return {
    stage: 'test', stageVariables: {}, basePath: '', apiId: 'api', accountId: '000000000000', payloadLimit: 10_485_760,
    onTooLarge: (exchange) => exchange.reply.send(413, ['Content-Type', 'application/json'], '{"message":"Request Too Long"}'),
    onFault: (exchange) => exchange.reply.send(500, ['Content-Type', 'application/json'], '{"message":"Internal server error"}'),
    log: () => {},
    apiKeys: null, limits: null, store: null, management: null,
    ...overrides,
  };
}
