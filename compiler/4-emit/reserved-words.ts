/** Names generated code must not declare: reserved words, globals it uses and the parameters of its functions. */
export const RESERVED_WORDS: readonly string[] = [
  'abstract', 'any', 'arguments', 'as', 'async', 'await', 'boolean', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'declare', 'default', 'delete', 'do',
  'else', 'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for', 'from', 'function', 'get', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let', 'module',
  'namespace', 'new', 'null', 'number', 'of', 'package', 'private', 'protected', 'public', 'require', 'return', 'set', 'static', 'string', 'super', 'switch', 'symbol', 'this', 'throw',
  'true', 'try', 'type', 'typeof', 'undefined', 'unknown', 'var', 'void', 'while', 'with', 'yield',
  'Array', 'Boolean', 'Buffer', 'Date', 'Error', 'Infinity', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'Reflect', 'RegExp', 'Request', 'Response', 'Set',
  'String', 'Symbol', 'URL', 'console', 'globalThis', 'isNaN', 'process', 'constructor', 'prototype', '__proto__', 'toString', 'valueOf', 'hasOwnProperty',
  'exchange', 'response', 'route', 'handle', 'fetch', 'createGateway', 'API', 'HANDLERS', 'failure', 'detail',
];
