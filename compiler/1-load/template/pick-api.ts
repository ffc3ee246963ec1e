/** Which API of a template is built. */
import { closest } from '../../diagnostics/suggest.js';
import * as diagnostics from './diagnostics.js';
import { eventsOf, type SamEvent } from './sam-events.js';
import type { Resource, Template } from './template.js';

export type TemplateApi =
  | { readonly kind: 'rest' | 'http'; readonly resource: Resource }
  | { readonly kind: 'sam-rest' | 'sam-http'; readonly resource: Resource; readonly events: readonly SamEvent[] }
  /** Made of events that name no API. */
  | { readonly kind: 'implicit-rest' | 'implicit-http'; readonly id: string; readonly events: readonly SamEvent[] };

/** Names that SAM gives the APIs it makes. */
const IMPLICIT = { Api: 'ServerlessRestApi', HttpApi: 'ServerlessHttpApi' } as const;

/** `wanted`: `--api`. undefined after an error was reported. */
export function pickApi(template: Template, wanted: string | undefined): TemplateApi | undefined {
  const apis = new Map<string, TemplateApi>();
  const events = eventsOf(template);
  const webSockets: Resource[] = [];
  for (const resource of template.resources.values()) {
    const own = (): readonly SamEvent[] => events.filter(({ api }) => api === resource.id);
    switch (resource.type) {
      case 'AWS::Serverless::Api': apis.set(resource.id, { kind: 'sam-rest', resource, events: own() }); break;
      case 'AWS::Serverless::HttpApi': apis.set(resource.id, { kind: 'sam-http', resource, events: own() }); break;
      case 'AWS::ApiGateway::RestApi': apis.set(resource.id, { kind: 'rest', resource }); break;
      case 'AWS::ApiGatewayV2::Api':
        if (resource.properties['ProtocolType'] === 'WEBSOCKET') webSockets.push(resource);
        else apis.set(resource.id, { kind: 'http', resource });
        break;
    }
  }
  for (const type of ['Api', 'HttpApi'] as const) {
    const id = IMPLICIT[type];
    const free = events.filter((event) => event.type === type && (event.api === undefined || event.api === id));
    if (free.length > 0 && !apis.has(id)) apis.set(id, { kind: type === 'Api' ? 'implicit-rest' : 'implicit-http', id, events: free });
  }
  const names = [...apis.keys()].join(', ');
  if (wanted !== undefined) {
    const api = apis.get(wanted);
    const socket = webSockets.find(({ id }) => id === wanted);
    if (socket) template.report(diagnostics.WEBSOCKET_API, `${socket.pointer}/ProtocolType`, {});
    else if (!api) template.report(diagnostics.NO_SUCH_API, '/Resources', { name: wanted, names, suggestion: closest(wanted, apis.keys()), condition: template.leftOut.get(wanted) }, true);
    return api;
  }
  if (apis.size === 1) return [...apis.values()][0];
  if (apis.size > 1) template.report(diagnostics.WHICH_API, '/Resources', { names, first: [...apis.keys()][0]! }, true);
  else if (webSockets.length > 0) template.report(diagnostics.WEBSOCKET_API, `${webSockets[0]!.pointer}/ProtocolType`, {});
  else template.report(diagnostics.NO_API, '/Resources', { found: template.isEmpty ? ': it has no resources' : template.resources.size === 0 ? ': the conditions of all its resources are false' : '' }, true);
  return undefined;
}
