import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Flavour } from '../ir.js';
import { Exchange } from '../../runtime/exchange.js';
import { MATCHERS, type Matcher } from './index.js';
import { exchangeFor } from './testing/exchanges.js';
import { loadRouter } from './testing/load-router.js';
import { routeOf } from './testing/route-table.js';

/** `request` → the route key it selects with its variables, e.g. `GET /a/{x} x=1`; '' for none. Whichever way routes are matched. */
async function check(flavour: Flavour, keys: readonly string[], expected: Readonly<Record<string, string>>): Promise<void> {
  for (const matcher of MATCHERS) await checkWith(matcher, flavour, keys, expected);
}

async function checkWith(matcher: Matcher, flavour: Flavour, keys: readonly string[], expected: Readonly<Record<string, string>>): Promise<void> {
  const routes = keys.map(routeOf);
  const router = await loadRouter(routes, flavour, matcher);
  for (const [request, selected] of Object.entries(expected)) {
    const exchange = exchangeFor(request.slice(0, request.indexOf(' ')), request.slice(request.indexOf(' ') + 1), 'a/b=/c');
    const index = router.route(exchange);
    const variables = index < 0 ? [] : routes[index]!.path.variables.map((name) => `${name}=${router.variables[index]![name]!(exchange)}`);
    assert.is([keys[index] ?? '', ...variables].join(' '), selected, `${matcher}, ${flavour}: ${request}`);
  }
}

const rest = suite('router, REST API rules');

rest('method-aware fallback: POST /test, ANY /test/any, OPTIONS /{proxy+} [R]', () => check('rest',
  ['POST /test', 'ANY /test/any', 'OPTIONS /{proxy+}'], {
    'OPTIONS /test': 'OPTIONS /{proxy+} proxy=test',
    'POST /test': 'POST /test',
    'OPTIONS /test/any': 'ANY /test/any',
    'GET /test': '',
  }));

rest('a resource without the method does not hold its path [O]', () => check('rest',
  ['GET /jobs/{op}', 'OPTIONS /options', 'POST /admin', 'ANY /{proxy+}'], {
    'GET /jobs': 'ANY /{proxy+} proxy=jobs',
    'POST /jobs': 'ANY /{proxy+} proxy=jobs',
    'POST /jobs/reboot': 'ANY /{proxy+} proxy=jobs/reboot',
    'GET /jobs/reboot': 'GET /jobs/{op} op=reboot',
    'GET /options': 'ANY /{proxy+} proxy=options',
    'GET /admin': 'ANY /{proxy+} proxy=admin',
  }));

rest('backtracking: /part1/random-value goes to /{param+} [R]', () => check('rest',
  ['GET /part1', 'GET /part1/hardcoded-value', 'GET /{param+}'], {
    'GET /part1': 'GET /part1',
    'GET /part1/hardcoded-value': 'GET /part1/hardcoded-value',
    'GET /part1/random-value': 'GET /{param+} param=part1/random-value',
  }));

rest('backtracking over several levels', () => check('rest',
  ['GET /a/b/c/d', 'GET /a/{x}/c/e', 'GET /{y}/b/{z}/f', 'GET /a/{rest+}'], {
    'GET /a/b/c/d': 'GET /a/b/c/d',
    'GET /a/b/c/e': 'GET /a/{x}/c/e x=b',
    'GET /a/b/c/f': 'GET /a/{rest+} rest=b/c/f',
    'GET /z/b/c/f': 'GET /{y}/b/{z}/f y=z z=c',
    'GET /z/b/c/g': '',
  }));

rest('precedence per segment: literal, mixed, variable, greedy', () => check('rest',
  ['GET /{a+}', 'GET /{b}', 'GET /{c}.json', 'GET /x.json', 'GET /v{d}.json'], {
    'GET /x.json': 'GET /x.json',
    'GET /vx.json': 'GET /v{d}.json d=x',
    'GET /v.json': 'GET /{c}.json c=v',
    'GET /.json': 'GET /{b} b=.json',
    'GET /y': 'GET /{b} b=y',
    'GET /y/z': 'GET /{a+} a=y/z',
  }));

rest('a greedy route below a literal wins over a variable path', () => check('rest',
  ['GET /pets/{proxy+}', 'GET /{a}/{b}'], { 'GET /pets/1': 'GET /pets/{proxy+} proxy=1', 'GET /cats/1': 'GET /{a}/{b} a=cats b=1' }));

for (const order of [['ANY /r', 'GET /r'], ['GET /r', 'ANY /r']]) {
  rest(`an explicit verb beats ANY: ${order.join(', ')} [L]`, () => check('rest', order, {
    'GET /r': 'GET /r', 'POST /r': 'ANY /r', 'PURGE /r': 'ANY /r', 'get /r': 'ANY /r', 'HEAD /r': 'ANY /r',
  }));
}

rest('HEAD and OPTIONS are not derived from other methods [O]', () => check('rest', ['GET /r'], { 'HEAD /r': '', 'OPTIONS /r': '', 'GET /r': 'GET /r' }));

rest('{x} is one non-empty segment, {x+} one or more [D]', () => check('rest',
  ['GET /a/{x}', 'GET /g/{p+}', 'POST /{proxy+}'], {
    'GET /a/1': 'GET /a/{x} x=1',
    'GET /a': '', 'GET /a/': '', 'GET /a//': '', 'GET /a/1/2': '', 'GET /a//1': '',
    'GET /g': '', 'GET /g/': '', 'GET /g//': '', 'GET /g/1': 'GET /g/{p+} p=1', 'GET /g//1': 'GET /g/{p+} p=/1',
    'POST /': '', 'POST //': '', 'POST /x': 'POST /{proxy+} proxy=x',
  }));

rest('what the proxy resource sees of slashes [R]', () => check('rest', ['ANY /{proxy+}', 'ANY /hardcoded'], {
  'GET /proxy-value': 'ANY /{proxy+} proxy=proxy-value',
  'GET /proxy-value/': 'ANY /{proxy+} proxy=proxy-value',
  'GET /proxy-value//double-slash': 'ANY /{proxy+} proxy=proxy-value//double-slash',
  'GET //proxy-value': 'ANY /{proxy+} proxy=proxy-value',
  'GET ////proxy-value': 'ANY /{proxy+} proxy=proxy-value',
  'GET //hardcoded': 'ANY /hardcoded',
  'GET /hardcoded/': 'ANY /hardcoded',
  'GET /hardcoded//': 'ANY /{proxy+} proxy=hardcoded/',
  'GET /test%2Balias@x/plus/test+alias@x': 'ANY /{proxy+} proxy=test%2Balias@x/plus/test+alias@x',
}));

rest('one slash at the end is ignored, also after a variable [R]', () => check('rest', ['GET /a/{x}', 'GET /', 'GET /b/'], {
  'GET /a/1/': 'GET /a/{x} x=1', 'GET /a/1//': '', 'GET /': 'GET /', 'GET //': 'GET /', 'GET ///': 'GET /',
  'GET //a/1/': 'GET /a/{x} x=1', 'GET /b': 'GET /b/', 'GET /b/': 'GET /b/',
}));

rest('a percent-encoded slash stays one segment [L]', () => check('rest', ['GET /foo/{p}'], { 'GET /foo/foo%2Fbar': 'GET /foo/{p} p=foo%2Fbar', 'GET /foo/foo%2fbar': 'GET /foo/{p} p=foo%2fbar' }));

rest('nothing is decoded for matching, case counts', () => check('rest', ['GET /a', 'GET /{x}'], { 'GET /%61': 'GET /{x} x=%61', 'GET /A': 'GET /{x} x=A' }));

rest.run();

const http = suite('router, HTTP API rules');

http('the guide\'s example [D]', () => check('http',
  ['GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default'], {
    'GET /pets/dog/1': 'GET /pets/dog/1',
    'GET /pets/dog/2': 'GET /pets/dog/{id} id=2',
    'GET /pets/cat/1': 'GET /pets/{proxy+} proxy=cat/1',
    'POST /test/5': 'ANY /{proxy+} proxy=test/5',
    'GET /': '$default',
  }));

http('a full match wins over a greedy one', () => check('http',
  ['GET /pets/{proxy+}', 'GET /{a}/{b}', 'ANY /{a}/{b}/{c}'], {
    'GET /pets/1': 'GET /{a}/{b} a=pets b=1',
    'GET /pets/1/2': 'ANY /{a}/{b}/{c} a=pets b=1 c=2',
    'GET /pets/1/2/3': 'GET /pets/{proxy+} proxy=1/2/3',
  }));

http('a wrong method falls through to less specific routes, then $default, never 405 [K]', () => check('http',
  ['POST /a', 'GET /{x}', 'PUT /{p+}', '$default'], {
    'POST /a': 'POST /a', 'GET /a': 'GET /{x} x=a', 'PUT /a': 'PUT /{p+} p=a', 'DELETE /a': '$default', 'DELETE /a/b': '$default',
  }));

http('an explicit method beats ANY on the same path only', () => check('http', ['ANY /a/b', 'GET /a/{x}', 'GET /c', 'ANY /c'], {
  'GET /a/b': 'ANY /a/b', 'GET /a/c': 'GET /a/{x} x=c', 'GET /c': 'GET /c', 'PUT /c': 'ANY /c',
}));

http('a slash at the end counts; below a prefix a greedy variable takes the empty rest [O12]', () => check('http',
  ['GET /metrics', 'GET /metrics/{proxy+}', 'GET /plain', 'GET /users/', 'GET /v/{x}/{p+}'], {
    'GET /metrics': 'GET /metrics',
    'GET /metrics/': 'GET /metrics/{proxy+} proxy=',
    'GET /metrics/a/': 'GET /metrics/{proxy+} proxy=a/',
    'GET /plain/': '', 'GET /plain': 'GET /plain', 'GET /users/': 'GET /users/', 'GET /users': '', 'GET /users//': '',
    'GET /v/1/': 'GET /v/{x}/{p+} x=1 p=',
    'GET /v//': '',
  }));

http('but at the root it does not [K]', () => check('http', ['ANY /{proxy+}'], { 'GET /': '', 'GET /a': 'ANY /{proxy+} proxy=a', 'GET /a/': 'ANY /{proxy+} proxy=a/' }));

http('slashes are not collapsed', () => check('http', ['GET /a', 'GET /a/b', 'GET /{x}/{y}', 'POST /{p+}'], {
  'GET //a': '', 'GET /a//b': '', 'GET //': '', 'POST //a': 'POST /{p+} p=/a', 'POST //': 'POST /{p+} p=/',
}));

http.run();

const text = suite('router, text of paths');

text('mixed segments: leftmost text, ends anchored, nothing empty', () => check('http',
  ['GET /compare/{base}...{head}', 'GET /f/{name}.{ext}', 'GET /t/{x}:run', 'GET /d/{y}-{m}-{d}.log', 'GET /t/{x}'], {
    'GET /compare/main...v1.0': 'GET /compare/{base}...{head} base=main head=v1.0',
    'GET /compare/a...b...c': 'GET /compare/{base}...{head} base=a head=b...c',
    'GET /compare/a....b': 'GET /compare/{base}...{head} base=a head=.b',
    'GET /compare/....b': 'GET /compare/{base}...{head} base=. head=b', 'GET /compare/...b': '', 'GET /compare/a...': '', 'GET /compare/...': '', 'GET /compare/a..b': '',
    'GET /compare/a.../b': '',
    'GET /f/a.b.c': 'GET /f/{name}.{ext} name=a ext=b.c',
    'GET /f/..c': 'GET /f/{name}.{ext} name=. ext=c',
    'GET /f/.c': '',
    'GET /t/1:run': 'GET /t/{x}:run x=1', 'GET /t/1:runs': 'GET /t/{x} x=1:runs', 'GET /t/:run': 'GET /t/{x} x=:run',
    'GET /t/:run:run': 'GET /t/{x}:run x=:run',
    'GET /d/2026-11-21.log': 'GET /d/{y}-{m}-{d}.log y=2026 m=11 d=21',
    'GET /d/1-2-3-4.log.log': 'GET /d/{y}-{m}-{d}.log y=1 m=2 d=3-4.log',
    'GET /d/1-2-.log': '', 'GET /d/1--2.log': '', 'GET /d/-1-2-3.log': 'GET /d/{y}-{m}-{d}.log y=-1 m=2 d=3',
  }));

text('text that clients encode is matched encoded, in either case of the digits', () => check('rest',
  ['GET /café', 'GET /a b/{x}', 'GET /{x}é{y}', 'GET /50%', 'GET /%c3%a4', 'GET /日本/x', 'GET /日誌/x', 'GET /it\'s(1),2;a=b@c:d&e+f!~*$'], {
    'GET /caf%C3%A9': 'GET /café', 'GET /caf%c3%a9': 'GET /café', 'GET /caf%C3%a9': 'GET /café', 'GET /caf\xc3\xa9': '', 'GET /cafe': '',
    'GET /a%20b/1': 'GET /a b/{x} x=1', 'GET /a+b/1': '', 'GET /a b/1': '',
    'GET /1%c3%A92': 'GET /{x}é{y} x=1 y=2',
    'GET /50%25': 'GET /50%', 'GET /50%': '',
    'GET /%C3%A4': 'GET /%c3%a4', 'GET /%c3%A4': 'GET /%c3%a4',
    'GET /%E6%97%A5%E6%9C%AC/x': 'GET /日本/x', 'GET /%e6%97%a5%e8%aa%8c/x': 'GET /日誌/x', 'GET /%e6%97%a5%e8%aa%8c/y': '',
    'GET /it\'s(1),2;a=b@c:d&e+f!~*$': 'GET /it\'s(1),2;a=b@c:d&e+f!~*$',
  }));

text('characters that some clients encode and some do not are matched both ways', () => check('http',
  ['GET /a[0]|^/{x}', 'GET /{i}[{j}]', 'GET /a[0]|^'], {
    'GET /a[0]|^/1': 'GET /a[0]|^/{x} x=1', 'GET /a%5B0%5d%7C%5e/1': 'GET /a[0]|^/{x} x=1', 'GET /a[0]|^': 'GET /a[0]|^', 'GET /a%5b0%5d%7c%5e': 'GET /a[0]|^',
    'GET /x[y]': 'GET /{i}[{j}] i=x j=y', 'GET /x%5By%5D': 'GET /{i}[{j}] i=x j=y',
  }));

text('literals that are beginnings of one another', () => {
  const keys = ['a', 'aa', 'aaa', 'aaaa', 'aaaaa', 'aaaaaa', 'aaaaab', 'aab', 'ab', 'b'].map((name) => `GET /${name}`);
  return check('http', [...keys, 'GET /aaa/x', 'GET /aaaa/{v}', 'GET /{any}/x'], {
    ...Object.fromEntries(keys.map((key) => [key, key])), 'GET /aaa/x': 'GET /aaa/x', 'GET /aaaa/x': 'GET /aaaa/{v} v=x', 'GET /aa/x': 'GET /{any}/x any=aa',
    'GET /aaaaaaa': '', 'GET /ac': '', 'GET /aaaaac': '',
  });
});

text('hostile paths and names', () => check('rest',
  ['GET /__proto__', 'GET /constructor/{__proto__}', 'GET /{x}', 'GET /x/{constructor}', 'GET /toString'], {
    'GET /__proto__': 'GET /__proto__',
    'GET /constructor/toString': 'GET /constructor/{__proto__} __proto__=toString',
    'GET /constructor': 'GET /{x} x=constructor',
    'GET /hasOwnProperty': 'GET /{x} x=hasOwnProperty',
    'GET /x/1': 'GET /x/{constructor} constructor=1',
    'GET /toString': 'GET /toString',
    'GET ': '', 'GET *': '', 'GET x': '', 'GET x/x': '', 'GET x//x': '', 'GET %2Fx': '', 'GET *//x': '',
    'GET /%00': 'GET /{x} x=%00', 'GET /\0': 'GET /{x} x=\0', 'GET /\xff\xfe': 'GET /{x} x=\xff\xfe', 'GET /%': 'GET /{x} x=%', 'GET /%zz': 'GET /{x} x=%zz',
    '__proto__ /x': '', 'constructor /x': '', ' /x': '',
    [`GET /${'x'.repeat(100_000)}`]: `GET /{x} x=${'x'.repeat(100_000)}`,
    [`GET /${'x/'.repeat(100_000)}`]: '',
    [`GET ${'/'.repeat(100_000)}`]: '',
    [`GET ${'/'.repeat(100_000)}x`]: 'GET /{x} x=x',
    [`GET /x/1${'/'.repeat(100_000)}`]: '',
  }));

text('values of any length and of any bytes', async () => {
  for (const length of [1, 3, 4, 7, 8, 9, 12, 15, 16, 23, 24, 25, 64, 8000]) {
    const value = Array.from({ length }, (_, index) => String.fromCharCode([0x61, 0xe9, 0xff, 0x80, 0x25, 0x00][index % 6]!)).join('');
    await check('rest', ['GET /s/{x}', 'GET /{a}/{b}/{rest+}', 'GET /m/{p}~{q}'], {
      [`GET /s/${value}`]: `GET /s/{x} x=${value}`,
      [`GET //${value}/b/${value}/${value}/`]: `GET /{a}/{b}/{rest+} a=${value} b=b rest=${value}/${value}`,
      [`GET /m/${value}~${value}`]: `GET /m/{p}~{q} p=${value} q=${value}`,
    });
  }
});

text('a target that is no Buffer, a view into other bytes', async () => {
  const router = await loadRouter(['GET /s/{x}'].map(routeOf), 'http');
  for (const value of ['short', 'long'.repeat(20)]) {
    const bytes = new Uint8Array(Buffer.from(`??????/s/${value}`, 'latin1')).subarray(6);
    const from = exchangeFor('GET', '/');
    const exchange = new Exchange(from.gateway, 'GET', bytes, 0, bytes.length, bytes.length, bytes.length, from.head, from.incoming, from.reply, from.connection);
    assert.is(router.route(exchange), 0);
    assert.is(router.variables[0]!['x']!(exchange), value);
  }
});

text('a document without routes', () => check('rest', [], { 'GET /': '', 'GET /x': '' }));
text('only $default', () => check('http', ['$default'], { 'GET /': '$default', 'PURGE /x/y/': '$default', 'GET ': '' }));
text('names of methods and variables are data', () => check('http', ['GET"+x /a/{b"c}', 'X`${1} /a/{`}'], { 'GET"+x /a/1': 'GET"+x /a/{b"c} b"c=1', 'X`${1} /a/2': 'X`${1} /a/{`} `=2', 'GET /a/1': '' }));

text.run();
