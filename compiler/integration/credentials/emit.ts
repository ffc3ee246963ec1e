import { code, helper, typeHelper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import { concatenate, emitStageVariable } from '../emit-target.js';
import type { Credentials } from './credentials.js';

const own = helper<typeof import('../../../runtime/aws/credentials.js')>();
const roles = helper<typeof import('../../../runtime/aws/role.js')>();
const caller = helper<typeof import('../../../runtime/aws/caller.js')>();

/** `CredentialsFor`: a constant, or a function where stage variables choose the role. `region`: whose STS is asked. */
export function emitCredentials(credentials: Credentials, region: string, unit: Unit): Code {
  switch (credentials.kind) {
    case 'own': return code`${own('aws/credentials', 'awsCredentials')}`;
    case 'caller': return code`${caller('aws/caller', 'callerCredentials')}`;
    case 'role': {
      const arn = concatenate(credentials.arn.map((part) => (part.kind === 'stageVariable' ? emitStageVariable(part.name) : code`${part.kind === 'text' ? part.text : ''}`)));
      const role = code`${roles('aws/role', 'roleCredentials')}(${arn}, ${region})`;
      if (credentials.arn.every((part) => part.kind === 'text')) return unit.constant('role', role);
      return unit.func('stage role', code`endpoint: { readonly mustSign: boolean }, exchange: ${typeHelper('exchange', 'Exchange')}`, code`${typeHelper('aws/credentials', 'CredentialCache')}`, code`return ${role}(endpoint);`);
    }
    default: return credentials satisfies never;
  }
}
