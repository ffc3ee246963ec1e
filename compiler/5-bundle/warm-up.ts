/** Bundles what nearly every gateway holds, once: tools that have loaded, compiled and parsed take a third of the time for the first real one. */
import { helper } from '../code.js';
import { bundleGateway } from './bundle-gateway.js';

const HELPERS = [
  helper<typeof import('../../runtime/gateway.js')>()('gateway', 'makeGateway'),
  helper<typeof import('../../runtime/main.js')>()('main', 'runIfMain'),
  helper<typeof import('../../runtime/fetch.js')>()('fetch', 'fetchGateway'),
  helper<typeof import('../../runtime/http1/server.js')>()('http1/server', 'createHttp1Server'),
  helper<typeof import('../../runtime/http-proxy.js')>()('http-proxy', 'sendUpstreamResponse'),
  helper<typeof import('../../runtime/body-checks.js')>()('body-checks', 'checkJsonBody'),
  helper<typeof import('../../runtime/parameters-query.js')>()('parameters-query', 'readQuery'),
];

export async function warmUp(): Promise<undefined> {
  const text = [...HELPERS.map(({ module, name }) => `import { ${name} } from "gwc/runtime/${module}";`), `export default [${HELPERS.map(({ name }) => name).join(', ')}];`, ''].join('\n');
  const origin = { file: '', pointer: '' };
  await bundleGateway({ emitted: { files: [{ path: 'gateway.ts', text }], flags: { REST: true, CORS: false, AUTHORIZERS: false }, localFunctions: [] }, minify: true, origin });
  return undefined;
}
