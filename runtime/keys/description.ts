/** What the build tells the control plane of the API: what a plan may name, and what the document declares, which is read-only there. */
import type { KeyRecord, PlanRecord } from './records.js';

export interface ApiKeysDescription {
  readonly title: string;
  readonly version: string;
  readonly flavour: 'rest' | 'http';
  readonly stages: readonly string[];
  /** `GET /pets/{id}`, numbered as routes are. */
  readonly operations: readonly string[];
  /** Plans of the document; their apiId is filled in at start. */
  readonly plans: readonly DeclaredPlan[];
  readonly keys: readonly DeclaredKey[];
}

export interface DeclaredPlan extends Pick<PlanRecord, 'id' | 'name' | 'description' | 'throttle' | 'quota'> {
  readonly apiStages: readonly { readonly stage: string; readonly throttle: PlanRecord['apiStages'][number]['throttle'] }[];
}

export interface DeclaredKey extends Pick<KeyRecord, 'id' | 'name' | 'description' | 'enabled'> {
  /** Its number among the clients of the limits. */
  readonly client: number;
  readonly plans: readonly string[];
}

/** The same for one running gateway. */
export interface RunningApi {
  readonly apiId: string;
  readonly stage: string;
  readonly description: ApiKeysDescription;
  /** Digests (hex) of the document's keys: nobody else may have these values. */
  readonly digests: Readonly<Record<string, string>>;
}

/** The document's plans as the control plane shows them. */
export function declaredPlanRecords({ apiId, description }: RunningApi): PlanRecord[] {
  return description.plans.map((plan) => ({ ...plan, apiStages: plan.apiStages.map((stage) => ({ apiId, ...stage })), productCode: '', tags: {}, created: 0 }));
}

export function declaredKeyRecords({ description }: RunningApi): KeyRecord[] {
  return description.keys.map(({ id, name, description: text, enabled }) => ({ id, name, description: text, enabled, customerId: '', tags: {}, created: 0, updated: 0, digests: [] }));
}
