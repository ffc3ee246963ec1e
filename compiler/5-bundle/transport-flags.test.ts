/** What transports leave out is decided by the text of modules; TypeScript knows what the modules really use. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { transportNeeds, type TransportFlags } from './transport-flags.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const runtime = `${root}runtime/`;
const test = suite('what is asked of transports');

/** Member of the contract in runtime/exchange.ts → the flag that has to be set where it is used. */
const NEEDS: Readonly<Record<string, keyof TransportFlags>> = {
  'IncomingBody.length': 'BODIES', 'IncomingBody.complete': 'BODIES', 'IncomingBody.collect': 'BODIES', 'IncomingBody.pipe': 'BODIES', 'IncomingBody.resume': 'BODIES', 'Exchange.incoming': 'BODIES',
  'Reply.begin': 'STREAMS', 'Reply.write': 'STREAMS', 'Reply.end': 'STREAMS', 'Reply.relay': 'STREAMS', 'Fields.forEach': 'ALL_FIELDS',
};

test('a module that uses a part of the contract asks for it', () => {
  const { options, fileNames } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${root}tsconfig.json`, (path) => readFileSync(path, 'utf8')).config, ts.sys, root);
  const program = ts.createProgram(fileNames.filter((name) => name.startsWith(runtime) && !name.includes('.test.') && !name.includes('/testing/')), options);
  const checker = program.getTypeChecker();
  let uses = 0;
  for (const file of program.getSourceFiles()) {
    const name = file.fileName.startsWith(runtime) ? file.fileName.slice(runtime.length, -'.ts'.length) : '';
    // The transports themselves: what they implement is what is left out.
    if (name === '' || /^(?:exchange|fetch|body\/no-body|http1\/(?:connection|head|reply|request-body|server|unread-body)|node-http\/.*|http2\/.*)$/.test(name)) continue;
    // A pool's connections and calls are its own.
    const { flags } = transportNeeds([name.replace(/^http1\/upstream-.*/, 'http1/upstream')], []);
    const visit = (node: ts.Node): void => {
      ts.forEachChild(node, visit);
      if (!ts.isPropertyAccessExpression(node) && !ts.isBindingElement(node)) return;
      const at = ts.isPropertyAccessExpression(node) ? node.name : node.propertyName ?? node.name;
      const symbol = ts.isBindingElement(node) ? checker.getTypeAtLocation(node.parent).getProperty(at.getText(file)) : checker.getSymbolAtLocation(at);
      for (const declaration of symbol?.declarations ?? []) {
        if (declaration.getSourceFile().fileName !== `${runtime}exchange.ts`) continue;
        const owner = declaration.parent as ts.InterfaceDeclaration | ts.ClassDeclaration;
        const flag = NEEDS[`${owner.name?.text}.${symbol!.name}`];
        if (flag === undefined) continue;
        uses++;
        assert.ok(flags[flag], `${name} uses ${symbol!.name} of ${owner.name?.text}: ${flag} has to follow from its text`);
      }
    };
    visit(file);
  }
  assert.ok(uses > 30, `${uses} uses`);
});

test('what is in a bundle decides, generated code too', () => {
  const needs = (modules: string[], generated = ''): TransportFlags => transportNeeds(modules, [generated]).flags;
  const smallest = ['main', 'fetch', 'gateway', 'send', 'http1/server', 'cors', 'gateway-response'];
  assert.equal(needs(smallest), { BODIES: false, STREAMS: false, ALL_FIELDS: false, UPGRADES: false, TRANSPORT: 0 });
  assert.is(needs([...smallest, 'body/read-body']).BODIES, true);
  assert.is(needs([...smallest, 'lambda/event-rest']).ALL_FIELDS, true);
  assert.is(needs([...smallest, 'http1/upgrade']).UPGRADES, true);
  assert.is(needs([...smallest, 'integration/http-proxy']).STREAMS, true);
  assert.is(needs(smallest, 'exchange.incoming.pipe(sink)').BODIES, true);
  for (const whole of ['node-http/server', 'http2/server']) assert.is(needs([...smallest, whole]).TRANSPORT, 15);
});

test('reason phrases: of statuses that stand in generated code or in a module; all where a status may be any', () => {
  const { statuses } = transportNeeds(['main', 'fetch', 'http1/server'], ['const A = constantAnswer(418, [], "");']);
  for (const status of [400, 408, 413, 418, 431, 500, 503]) assert.ok(statuses!.has(status), String(status));
  assert.not.ok(statuses!.has(402));
  assert.is(transportNeeds(['main', 'integration/http-proxy'], []).statuses, undefined);
  assert.is(transportNeeds(['main', 'lambda/proxy'], []).statuses, undefined);
});

test.run();
