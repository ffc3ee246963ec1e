import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../diagnostics/report.js';
import type { Flavour } from '../ir.js';
import { checkRoutes } from './check-routes.js';
import { routeOf } from './testing/route-table.js';

const test = suite('checkRoutes');

function check(flavour: Flavour, keys: readonly string[], expected: readonly string[]): void {
  const reporter = new Reporter();
  checkRoutes(keys.map((key, index) => ({ ...routeOf(key), origin: { file: 'api.yaml', pointer: `/${index}` } })), flavour, reporter);
  assert.equal(reporter.diagnostics.map(({ code, origin, notes }) => [code, origin.pointer.slice(1), ...notes.map((note) => note.origin.pointer.slice(1))].join(' ')), expected);
}

test('one method, paths that differ in variable names only', () => check('http', ['GET /a/{x}', 'GET /a/{y}', 'GET /a/{y}/z', 'GET /{p+}', 'GET /{q+}'], ['GWC3001 1 0', 'GWC3001 4 3']));
test('different methods may name their variables differently', () => check('http', ['GET /a/{x}', 'POST /a/{y}', 'DELETE /a/{z}', 'GET /a/{w}/b'], []));
test('the same route twice, ANY beside a method', () => check('http', ['ANY /a', 'GET /a', 'ANY /a', '$default', '$default'], ['GWC3001 2 0', 'GWC3001 4 3']));
test('three of a kind name the first', () => check('http', ['GET /a', 'GET /a', 'GET /a'], ['GWC3001 1 0', 'GWC3001 2 0']));
test('the same text written differently', () => check('http', ['GET /a b', 'GET /a%20b', 'GET /é', 'GET /%c3%A9', 'GET /%41', 'GET /A', 'GET /a+b'], ['GWC3001 1 0', 'GWC3001 3 2']));
test('mixed segments of one shape', () => check('http', ['GET /{a}...{b}', 'GET /{c}...{d}', 'GET /{c}..{d}', 'GET /{c}...'], ['GWC3001 1 0']));
test('a slash at the end counts for HTTP APIs', () => check('http', ['GET /a', 'GET /a/', 'GET /'], []));
test('and does not for REST APIs', () => check('rest', ['GET /a', 'GET /a/', 'GET /'], ['GWC3001 1 0']));
test('names that find-my-way would take for syntax or code', () => check('http', ['GET /:a', 'GET /*', 'GET /{x}', 'GET /a::b', 'GET /(b)', 'GET /{a"];process.exit(1)//}/y', 'GET /?', 'GET /__proto__', 'GET /:a'], ['GWC3001 8 0']));
test('segments after a greedy variable', () => check('http', ['GET /{p+}/a', 'GET /a/{q+}'], ['GWC3002 0']));
test('REST API: one variable among the children of a resource', () => check('rest',
  ['GET /a/{x}', 'POST /a/{y}', 'GET /a/{p+}', 'GET /b/{p+}', 'GET /c/{x}/d', 'GET /c/{x}/e', 'GET /a/{y}/z'], ['GWC3003 1 0', 'GWC3003 2 0']));
test('REST API: path parts', () => check('rest', ['GET /a.b-c_d,e:f', 'GET /é', 'GET /x{y}', 'GET /a//b', 'GET /x{y}/z'], ['GWC3004 1', 'GWC3004 2', 'GWC3004 3']));
test('dot segments never arrive', () => check('http', ['GET /a/./b', 'GET /../a', 'GET /%2E/b', 'GET /...', 'GET /.a'], ['GWC3005 0', 'GWC3005 1', 'GWC3005 2']));
test('a path of absurd depth', () => check('http', [`GET ${'/{a}'.repeat(501)}`, `GET ${'/a'.repeat(500)}`], ['GWC3006 0']));
test('a path of absurd length', () => check('http', [`GET /${'€'.repeat(4096)}`, `GET /${'€'.repeat(4095)}`], ['GWC3006 0']));

test.run();
