/** What `Ref` and `Fn::GetAtt` of a resource are, where that is known before it exists: of functions always, of others when they are named. */
import type { Resource, Template } from './template.js';

const FUNCTION_TYPES: ReadonlySet<string> = new Set(['AWS::Serverless::Function', 'AWS::Lambda::Function']);

/** The property that names a resource of a type. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName', 'AWS::Serverless::SimpleTable': 'TableName', 'AWS::S3::Bucket': 'BucketName', 'AWS::SQS::Queue': 'QueueName', 'AWS::SNS::Topic': 'TopicName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName', 'AWS::Serverless::StateMachine': 'Name', 'AWS::IAM::Role': 'RoleName', 'AWS::Kinesis::Stream': 'Name', 'AWS::Events::EventBus': 'Name',
  'AWS::SSM::Parameter': 'Name', 'AWS::Logs::LogGroup': 'LogGroupName',
};

/** `attribute` undefined: `Ref`. */
export function resourceValue(template: Template, resource: Resource, attribute: string | undefined): string | undefined {
  if (FUNCTION_TYPES.has(resource.type)) return functionValue(template, resource, attribute);
  const arn = (service: string, rest: string): string => `arn:${known(template, 'AWS::Partition')}:${service}:${known(template, 'AWS::Region')}:${known(template, 'AWS::AccountId')}:${rest}`;
  if (resource.type === 'AWS::Lambda::Alias' || resource.type === 'AWS::Lambda::Version') {
    const target = template.text(resource.properties['FunctionName']);
    const qualifier = resource.type === 'AWS::Lambda::Alias' ? template.text(resource.properties['Name']) : '$LATEST';
    if (target === undefined || qualifier === undefined || (attribute !== undefined && !/Arn$/.test(attribute))) return undefined;
    return `${target.startsWith('arn:') ? target : arn('lambda', `function:${target}`)}:${qualifier}`;
  }
  if (/^AWS::(?:Serverless::(?:Api|HttpApi)$|ApiGateway(?:V2)?::)/.test(resource.type)) return partOfApi(template, resource, attribute);
  if (resource.type.startsWith('AWS::WAFv2::')) {
    const kind = resource.type.slice('AWS::WAFv2::'.length).toLowerCase();
    return attribute === 'Arn' ? arn('wafv2', `regional/${kind}/${template.text(resource.properties['Name']) ?? resource.id}/${resource.id}`) : undefined;
  }
  const property = NAMES[resource.type];
  const name = property === undefined ? undefined : template.text(resource.properties[property]);
  if (name === undefined) return undefined;
  const ref = (): string | undefined => {
    switch (resource.type) {
      case 'AWS::SQS::Queue': return `https://sqs.${known(template, 'AWS::Region')}.${known(template, 'AWS::URLSuffix')}/${known(template, 'AWS::AccountId')}/${name}`;
      case 'AWS::SNS::Topic': return arn('sns', name);
      case 'AWS::StepFunctions::StateMachine': case 'AWS::Serverless::StateMachine': return arn('states', `stateMachine:${name}`);
      default: return name;
    }
  };
  switch (attribute) {
    case undefined: return ref();
    case 'Name': case 'QueueName': case 'TopicName': case 'TableName': return name;
    case 'QueueUrl': return ref();
    case 'TopicArn': return ref();
    case 'Arn': switch (resource.type) {
      case 'AWS::DynamoDB::Table': case 'AWS::Serverless::SimpleTable': return arn('dynamodb', `table/${name}`);
      case 'AWS::S3::Bucket': return `arn:${known(template, 'AWS::Partition')}:s3:::${name}`;
      case 'AWS::SQS::Queue': return arn('sqs', name);
      case 'AWS::Kinesis::Stream': return arn('kinesis', `stream/${name}`);
      case 'AWS::Events::EventBus': return arn('events', `event-bus/${name}`);
      case 'AWS::IAM::Role': return `arn:${known(template, 'AWS::Partition')}:iam::${known(template, 'AWS::AccountId')}:role${template.text(resource.properties['Path']) ?? '/'}${name}`;
      case 'AWS::StepFunctions::StateMachine': case 'AWS::Serverless::StateMachine': return ref();
      default: return undefined;
    }
    default: return undefined;
  }
}

/** An API and its parts are known by their logical ids: nothing at run time depends on the ids that AWS gives them. */
function partOfApi(template: Template, { id, type, properties }: Resource, attribute: string | undefined): string | undefined {
  const kind = type.slice(type.lastIndexOf(':') + 1);
  switch (kind) {
    case 'Api': case 'HttpApi': case 'RestApi':
      // SAM's own: the stage and the deployment that it makes.
      if (attribute === 'Stage' && type.includes('Serverless')) return template.text(properties['StageName'] ?? (kind === 'Api' ? 'Prod' : '$default'));
      return attribute === undefined || /^(?:RestApiId|ApiId)$/.test(attribute) ? id : attribute === 'RootResourceId' ? rootOf(id) : undefined;
    case 'Stage': return attribute === undefined ? template.text(properties['StageName']) : undefined;
    case 'Model': return attribute === undefined ? template.text(properties['Name']) ?? id : undefined;
    case 'DomainName': case 'DomainNameV2': return attribute === undefined ? template.text(properties['DomainName']) : undefined;
    case 'VpcLink': return attribute === undefined || attribute === 'VpcLinkId' ? id : undefined;
    default: return attribute === undefined || /^(?:Id|APIKeyId|(?:Resource|Authorizer|RequestValidator|Integration|Route|Deployment|Account|ClientCertificate)Id)$/.test(attribute) ? id : undefined;
  }
}

/** The root of a REST API, which is no resource of the template. */
export function rootOf(api: string): string { return `${api}.RootResourceId`; }

/** A function's name: the one it declares, else its logical id. CloudFormation would make one up of the stack's name and the logical id. */
export function functionName(template: Template, resource: Resource): string {
  return template.text(resource.properties['FunctionName']) ?? resource.id;
}

function functionValue(template: Template, resource: Resource, attribute: string | undefined): string | undefined {
  const name = functionName(template, resource);
  const arn = `arn:${known(template, 'AWS::Partition')}:lambda:${known(template, 'AWS::Region')}:${known(template, 'AWS::AccountId')}:function:${name}`;
  switch (attribute) {
    case undefined: return name;
    case 'Arn': return arn;
    // SAM's own: the alias that AutoPublishAlias makes.
    case 'Alias': { const alias = template.text(resource.properties['AutoPublishAlias'] ?? template.globals('Function')['AutoPublishAlias']); return alias === undefined ? undefined : `${arn}:${alias}`; }
    case 'Version': return `${arn}:$LATEST`;
    default: return undefined;
  }
}

function known(template: Template, pseudo: string): string {
  return template.environment.peek(pseudo)!;
}
