import type { Origin } from '../../diagnostics/define.js';

/** An integration this version reads but does not compile: the operation answers 500 (API_CONFIGURATION_ERROR). */
export interface NotCompiledIntegration { readonly kind: 'not_compiled'; readonly type: string; readonly origin: Origin }
