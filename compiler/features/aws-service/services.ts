/** What API Gateway knows of a service that its name in the ARN does not say: how its actions are called, and under which name it is signed. */

/** How an action (`…:service:action/Name`) becomes a request. */
export type ActionProtocol =
  /** `?Action=Name&Version=version`. */
  | { readonly kind: 'query'; readonly version: string }
  /** `X-Amz-Target: prefix.Name` with a JSON body of content type `application/x-amz-json-<version>`. */
  | { readonly kind: 'json'; readonly prefix: string; readonly version: '1.0' | '1.1' };

const query = (version: string): ActionProtocol => ({ kind: 'query', version });
const json = (prefix: string, version: '1.0' | '1.1' = '1.1'): ActionProtocol => ({ kind: 'json', prefix, version });

/** By name in the ARN. Services that speak REST only have no actions. */
const ACTIONS: Readonly<Record<string, ActionProtocol>> = {
  athena: json('AmazonAthena'),
  autoscaling: query('2011-01-01'),
  cloudformation: query('2010-05-15'),
  codebuild: json('CodeBuild_20161006'),
  codepipeline: json('CodePipeline_20150709'),
  'cognito-identity': json('AWSCognitoIdentityService'),
  'cognito-idp': json('AWSCognitoIdentityProviderService'),
  comprehend: json('Comprehend_20171127'),
  dynamodb: json('DynamoDB_20120810', '1.0'),
  'streams.dynamodb': json('DynamoDBStreams_20120810', '1.0'),
  ec2: query('2016-11-15'),
  ecs: json('AmazonEC2ContainerServiceV20141113'),
  elasticache: query('2015-02-02'),
  elasticbeanstalk: query('2010-12-01'),
  elasticloadbalancing: query('2015-12-01'),
  email: query('2010-12-01'),
  events: json('AWSEvents'),
  firehose: json('Firehose_20150804'),
  glue: json('AWSGlue'),
  iam: query('2010-05-08'),
  kinesis: json('Kinesis_20131202'),
  kms: json('TrentService'),
  logs: json('Logs_20140328'),
  monitoring: query('2010-08-01'),
  rds: query('2014-10-31'),
  redshift: query('2012-12-01'),
  rekognition: json('RekognitionService'),
  sdb: query('2009-04-15'),
  secretsmanager: json('secretsmanager'),
  sns: query('2010-03-31'),
  sqs: query('2012-11-05'),
  // Recorded: its actions are called by query parameters, unlike from the SDKs.
  ssm: query('2014-11-06'),
  states: json('AWSStepFunctions', '1.0'),
  sts: query('2011-06-15'),
  swf: json('SimpleWorkflowService', '1.0'),
  textract: json('Textract'),
  transcribe: json('Transcribe'),
  translate: json('AWSShineFrontendService_20170701'),
};

export function actionProtocol(service: string): ActionProtocol | undefined {
  return Object.hasOwn(ACTIONS, service) ? ACTIONS[service] : undefined;
}

/** Where the name in the ARN (with its sub-domain) is not the one that goes into the signature. */
const SIGNING_NAMES: Readonly<Record<string, string>> = {
  appconfigdata: 'appconfig', 'bedrock-agent': 'bedrock', 'bedrock-agent-runtime': 'bedrock', 'bedrock-runtime': 'bedrock', 'data-ats.iot': 'iotdata', 'data.iot': 'iotdata', 'data.iotevents': 'ioteventsdata', 'data.jobs.iot': 'iot-jobs-data',
  email: 'ses', forecastquery: 'forecast', 'models-v2-lex': 'lex', 'participant.connect': 'execute-api', 'personalize-events': 'personalize', 'personalize-runtime': 'personalize', pinpoint: 'mobiletargeting', 'runtime-v2-lex': 'lex',
  's3-control': 's3', transcribestreaming: 'transcribe',
};

/** Last labels whose sub-domains are all signed alike but not under the label. */
const SIGNING_SUFFIXES: readonly (readonly [suffix: string, name: string])[] = [['.marketplace', 'aws-marketplace'], ['-ats.iot', 'iotdata']];

/** `service`: without sub-domain; `name`: with it. Of a service nobody listed, sub-domains do not show in the signature. */
export function signingName(name: string, service: string): string {
  if (Object.hasOwn(SIGNING_NAMES, name)) return SIGNING_NAMES[name]!;
  const suffix = SIGNING_SUFFIXES.find(([text]) => name.endsWith(text));
  if (suffix) return suffix[1];
  return Object.hasOwn(SIGNING_NAMES, service) ? SIGNING_NAMES[service]! : service;
}

/** Services with one endpoint per partition, signed for its main region. */
const GLOBAL = new Set(['cloudfront', 'iam', 'importexport', 'organizations', 'route53', 'shield', 'waf']);

export interface Endpoint { readonly url: string; readonly signingRegion: string }

export function defaultEndpoint(partition: string, region: string, name: string, service: string): Endpoint {
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  if (!GLOBAL.has(service)) return { url: `https://${name}.${region}.${suffix}`, signingRegion: region };
  if (partition === 'aws-cn') return { url: `https://${name}.cn-north-1.${suffix}`, signingRegion: 'cn-north-1' };
  if (partition === 'aws-us-gov') return { url: `https://${name}.us-gov.${suffix}`, signingRegion: 'us-gov-west-1' };
  return { url: `https://${name}.${suffix}`, signingRegion: 'us-east-1' };
}

/** The SDKs' service ids, which name `AWS_ENDPOINT_URL_<ID>`, where they are not the name in the ARN. */
const SERVICE_IDS: Readonly<Record<string, string>> = {
  appconfigdata: 'APPCONFIGDATA', autoscaling: 'AUTO_SCALING', 'bedrock-runtime': 'BEDROCK_RUNTIME', 'cognito-identity': 'COGNITO_IDENTITY', 'cognito-idp': 'COGNITO_IDENTITY_PROVIDER', 'data-ats.iot': 'IOT_DATA_PLANE', 'data.iot': 'IOT_DATA_PLANE', elasticbeanstalk: 'ELASTIC_BEANSTALK',
  elasticloadbalancing: 'ELASTIC_LOAD_BALANCING_V2', email: 'SES', events: 'EVENTBRIDGE', logs: 'CLOUDWATCH_LOGS', monitoring: 'CLOUDWATCH', route53: 'ROUTE_53', 'runtime.sagemaker': 'SAGEMAKER_RUNTIME', s3: 'S3', 's3-control': 'S3_CONTROL',
  sdb: 'SIMPLEDB', secretsmanager: 'SECRETS_MANAGER', states: 'SFN', 'streams.dynamodb': 'DYNAMODB_STREAMS',
};

/** `DYNAMODB`, `SFN`: behind `AWS_ENDPOINT_URL_`. */
export function serviceId(name: string, service: string): string {
  if (Object.hasOwn(SERVICE_IDS, name)) return SERVICE_IDS[name]!;
  if (Object.hasOwn(SERVICE_IDS, service)) return SERVICE_IDS[service]!;
  return service.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}
