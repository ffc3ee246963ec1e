import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cookieValue } from './cookie.js';
import type { Exchange } from '../exchange.js';

const test = suite('cookie');

test('finds the first cookie of that very name', () => {
  const check = (lines: string[], expected: string | undefined): void => assert.is(cookieValue({ head: { all: () => lines } } as unknown as Exchange, 'key'), expected, lines.join(' / '));
  check(['key=a'], 'a');
  check(['other=1; key=b; key=c'], 'b');
  check(['other=1', 'key=d'], 'd');
  check(['key="quoted"'], 'quoted');
  check(['key='], '');
  check(['key=a=b'], 'a=b');
  check([' key = a '], 'a');
  check(['xkey=a; keyx=b; key'], undefined);
  check(['KEY=a'], undefined);
  check([], undefined);
});

test.run();
