/** Every method implementation by its own name: generated code imports the few it calls, bundling drops the rest. */
export * from './methods/string.js';
export * from './methods/list.js';
export * from './methods/map.js';
export * from './methods/number.js';
export * from './methods/object.js';
