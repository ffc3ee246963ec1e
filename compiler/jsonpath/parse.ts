/** Jayway JsonPath at build time. The parser is in runtime/: paths that a template puts together need it there. */
export { parseJsonPath } from '../../runtime/vtl/jsonpath/parse.js';
export { JsonPathError } from '../../runtime/vtl/jsonpath/path.js';
export type { JsonPath, PathStep } from '../../runtime/vtl/jsonpath/path.js';
