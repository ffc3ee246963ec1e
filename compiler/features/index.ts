/** The slices. Order matters only for integrations: the first that recognises an operation's integration owns it. */
import type { Feature } from '../feature.js';
import { apiKey } from './api-keys/index.js';
import { authorize } from './authorizers/index.js';
import { awsService, awsSubtype } from './aws-service/index.js';
import { compression } from './compression/index.js';
import { cors } from './cors/index.js';
import { examples } from './examples/index.js';
import { gatewayResponses } from './gateway-responses/index.js';
import { http } from './http/index.js';
import { lambda } from './lambda/index.js';
import { mock } from './mock/index.js';
import { mutualTls } from './mutual-tls/index.js';
import { notCompiled } from './not-compiled/index.js';
import { requestValidation } from './request-validation/index.js';
import { resourceDecision, resourcePolicy } from './resource-policy/index.js';
import { responseValidation } from './response-validation/index.js';
import { security } from './security/index.js';
import { store } from './store/index.js';
import { quota, throttle } from './throttle/index.js';
import { webAcl } from './web-acl/index.js';

export const features: readonly Feature[] = [
  mutualTls,
  webAcl,
  security,
  resourcePolicy,
  authorize,
  resourceDecision,
  apiKey,
  throttle,
  quota,
  store,
  compression,
  cors,
  gatewayResponses,
  requestValidation,
  responseValidation,
  mock,
  examples,
  http,
  lambda,
  awsService,
  awsSubtype,
  notCompiled,
] as unknown as readonly Feature[];
