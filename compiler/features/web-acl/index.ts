import type { Feature } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitWebAcls } from './emit.js';
import type { WebAclsPart } from './ir.js';
import { readWebAcls } from './read.js';

/** `x-gwc.webAcl`: AWS WAF in front of everything that decides about a request (rest-pipeline.md §1). */
export const webAcl: Feature<never, WebAclsPart> = {
  key: 'webAcl',
  stage: 'waf',
  diagnostics,
  readApi: readWebAcls,
  summary: () => '',
  dispatchContinues: true,
  emitDispatch: emitWebAcls,
};
