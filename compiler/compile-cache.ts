import { LoadCache } from './1-load/load-cache.js';
import { ValidationCache } from './1-load/validate/validation-cache.js';
import { ReadCache } from './2-read/read-cache.js';
import type { Bundled } from './5-bundle/bundle-gateway.js';
import type { Code } from './code.js';
import { Memo } from './memo.js';
import type { RoutePair } from './router/index.js';

/**
 * What a build leaves for the next one of the same document (`gwc dev`): results of pure steps by everything they depend on. A build with a cache gives
 * the same bytes and the same diagnostics as one without.
 */
export class CompileCache {
  readonly load = new LoadCache();
  readonly validation = new ValidationCache();
  readonly read = new ReadCache();
  readonly conflicts = new Memo<RoutePair[]>();
  readonly router = new Memo<Code>();
  readonly bundle = new Memo<Promise<Bundled>>();
}
