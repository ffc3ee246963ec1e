/** The first-class service integrations of HTTP APIs with their parameters (integrations.md §11, version 1.0). */

/** How a parameter's text becomes what the service takes. */
export type ParameterKind =
  | 'text'
  | 'number'
  /** Epoch seconds, ISO 8601 or a number. */
  | 'time'
  /** A JSON array of texts, or one text. */
  | 'list'
  /** A JSON object. */
  | 'object'
  /** Sent in base64. */
  | 'blob';

export interface Subtype {
  /** As in the ARN of `aws` integrations. */
  readonly service: string;
  /** What stands in front of the region in the endpoint's name, where it is not the service. */
  readonly host?: string;
  readonly action: string;
  /** Each but Region, which all take. */
  readonly parameters: Readonly<Record<string, { readonly kind: ParameterKind; readonly required: boolean }>>;
  /** What makes the request (runtime/aws-subtype.ts). */
  readonly request: 'putEventsRequest' | 'sqsRequest' | 'appConfigRequest' | 'jsonRequest';
  /** Parameter whose value names the region: an ARN or a queue's URL. */
  readonly locator: string | null;
  /** Names in the JSON that are not the parameter's. */
  readonly camelCase?: true;
}

function parameters(text: string): Subtype['parameters'] {
  return Object.fromEntries(text.split(' ').map((each) => {
    const [, name, star, kind] = /^(\w+)(\*?)(?::(\w+))?$/.exec(each)!;
    return [name!, { kind: (kind ?? 'text') as ParameterKind, required: star === '*' }];
  }));
}

export const SUBTYPES: Readonly<Record<string, Subtype>> = {
  'EventBridge-PutEvents': { service: 'events', action: 'PutEvents', request: 'putEventsRequest', locator: 'EventBusName', parameters: parameters('Detail* DetailType* Source* Time:time EventBusName Resources:list TraceHeader') },
  'SQS-SendMessage': { service: 'sqs', action: 'SendMessage', request: 'sqsRequest', locator: 'QueueUrl', parameters: parameters('QueueUrl* MessageBody* DelaySeconds:number MessageAttributes:object MessageDeduplicationId MessageGroupId MessageSystemAttributes:object') },
  'SQS-ReceiveMessage': { service: 'sqs', action: 'ReceiveMessage', request: 'sqsRequest', locator: 'QueueUrl', parameters: parameters('QueueUrl* AttributeNames:list MaxNumberOfMessages:number MessageAttributeNames:list ReceiveRequestAttemptId VisibilityTimeout:number WaitTimeSeconds:number') },
  'SQS-DeleteMessage': { service: 'sqs', action: 'DeleteMessage', request: 'sqsRequest', locator: 'QueueUrl', parameters: parameters('QueueUrl* ReceiptHandle*') },
  'SQS-PurgeQueue': { service: 'sqs', action: 'PurgeQueue', request: 'sqsRequest', locator: 'QueueUrl', parameters: parameters('QueueUrl*') },
  'AppConfig-GetConfiguration': { service: 'appconfig', action: 'GetConfiguration', request: 'appConfigRequest', locator: null, parameters: parameters('Application* Environment* Configuration* ClientId* ClientConfigurationVersion') },
  'Kinesis-PutRecord': { service: 'kinesis', action: 'PutRecord', request: 'jsonRequest', locator: null, parameters: parameters('StreamName* Data*:blob PartitionKey* SequenceNumberForOrdering ExplicitHashKey') },
  'StepFunctions-StartExecution': { service: 'states', action: 'StartExecution', request: 'jsonRequest', locator: 'StateMachineArn', camelCase: true, parameters: parameters('StateMachineArn* Name Input') },
  'StepFunctions-StartSyncExecution': { service: 'states', host: 'sync-states', action: 'StartSyncExecution', request: 'jsonRequest', locator: 'StateMachineArn', camelCase: true, parameters: parameters('StateMachineArn* Name Input TraceHeader') },
  'StepFunctions-StopExecution': { service: 'states', action: 'StopExecution', request: 'jsonRequest', locator: 'ExecutionArn', camelCase: true, parameters: parameters('ExecutionArn* Cause Error') },
};
