import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as requestValidation from '../features/request-validation/diagnostics.js';
import * as responseValidation from '../features/response-validation/diagnostics.js';
import { SCHEMA_DIAGNOSTICS } from './diagnostics.js';

const test = suite('diagnostics of schemas and validation');

test('each has a sample', () => {
  const fixtures = fileURLToPath(new URL('../../../fixtures/diagnostics/', import.meta.url));
  const printed = readdirSync(fixtures).map((name) => join(fixtures, name, 'expect', 'diagnostics.txt')).filter(existsSync).map((file) => readFileSync(file, 'utf8')).join('');
  // Nesting of 200 levels is shown by reader.test.ts.
  const elsewhere = ['GWC2614'];
  const codes = [SCHEMA_DIAGNOSTICS, requestValidation, responseValidation].flatMap((group) => Object.values(group).map(({ code }) => code as string));
  assert.equal(codes.filter((code) => !printed.includes(` ${code}: `) && !elsewhere.includes(code)), []);
});

test.run();
