import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EmittedGateway } from '../4-emit/emit-gateway.js';
import { bundleGateway } from './bundle-gateway.js';

const test = suite('bundling');

const origin = { file: '/api.yaml', pointer: '' };
const emitted = (text: string): EmittedGateway => ({ files: [{ path: 'gateway.ts', text }], flags: {}, localFunctions: [] }) as unknown as EmittedGateway;

test('generated code that does not bundle is a fault of gwc, and said so', async () => {
  for (const text of ['const broken = (;\n', 'import { nothing } from "gwc/runtime/not-there";\nnothing();\n', 'import { nothing } from "./not-there.js";\nnothing();\n']) {
    const { bundle, diagnostics } = await bundleGateway({ emitted: emitted(text), minify: false, map: false, origin });
    assert.is(bundle, undefined, text);
    assert.equal(diagnostics.map(({ code, severity }) => `${severity} ${code}`), ['error GWC9501'], text);
    assert.match(diagnostics[0]!.message, /^internal: the generated gateway could not be bundled: ./);
    assert.match(diagnostics[0]!.hint!, /report it/);
  }
});

test.run();
