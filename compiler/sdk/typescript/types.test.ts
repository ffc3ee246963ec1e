/** Emitted clients under tsc: every setting users have, and what narrowing and completion promise. */
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../../diagnostics/report.js';
import { buildSdkModel } from '../model.js';
import { zoo } from '../testing/zoo.js';
import { emitTypescript } from './emit.js';
import { install } from './testing/package.js';
import { typeCheck } from './testing/type-check.js';

const test = suite('typescript client: types');
const files = emitTypescript(buildSdkModel(zoo(), 'abc123', new Reporter()));
const client = install(files);

const usage = `
    import { createClient, getAnimal, listAnimals, createKeeper, replaceKeeper, deleteKeeper, addTeam, uploadPhoto, putPhoto, watch, download, onlyRedirect, proxy, delete_, types_, getanimal2, drive, styles,
      unwrap, isApiError, sigV4, ApiError, ThrottledError, clientCredentials, type Animal, type KeeperInput, type Keeper, type ApiErrorModel, type ErrorOf, type ResultOf, type SimpleAnimal, type Vehicle } from 'zoo-client';
    export const api = createClient();
    createClient({ baseUrl: new URL('http://localhost'), auth: { key: 'k', queryKey: () => 'k', token: async () => ({ token: 't', expiresAt: 1 }), login: { username: 'a', password: 'b' },
      iam: sigV4({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }), oauth: clientCredentials({ tokenUrl: 'https://x', clientId: 'a', clientSecret: 'b' }), digest: (request) => { request.headers.set('a', 'b'); } }, retry: false });
    // @ts-expect-error a scheme that does not exist
    createClient({ auth: { nope: 'k' } });

    export async function statuses(): Promise<void> {
      const result = await getAnimal(api, { animalId: '1' });
      if (result.status === 404) { const message: string | undefined = result.body.message; void message; const no: false = result.ok; void no; }
      else if (result.status === 429) { const message: string = result.body.message; void message; }
      else if (result.ok) { const status: 200 = result.status; void status; const animal: Animal = result.body; void animal; }
      else { const body: unknown = result.body; void body; const kind: string | undefined = result.gateway?.kind; void kind;
        // @ts-expect-error an undeclared status has an unknown body
        result.body.message; }
      switch (result.status) { case 200: result.body.kind; break; case 404: result.body.message; break; case 500: { const body: unknown = result.body; void body; } }
      const list = await listAnimals(api, { limit: 1, tags: ['a'], filter: { colour: 'red', age: { lt: 3 } }, where: { a: [1] }, xTraceId: 'x', sid: 's', sortBy: 'other' });
      if (list.ok) list.body.map((animal) => animal.kind);
      else if (list.status === 418) { const text: string = list.body; void text; }
      else if (list.status === 404) { const code: number | undefined = list.body.code; void code; }
      else if (list.status === 503) { const message: string | undefined = list.body.message; void message; }
    }

    export function variants(animal: Animal): string {
      switch (animal.kind) {
        case 'cat': return String(animal.lives);
        case 'dog': case 'puppy': return animal.bark;
        case 'fish': return String(animal.depth);
        default: { const other: string = animal.kind; return other + String(animal['anything']); }
      }
    }
    export function inherited(vehicle: Vehicle): number {
      if (vehicle.type === 'car') return vehicle.doors + vehicle.wheels;
      return vehicle.wheels; // also of vehicles this document does not know
    }

    export async function directions(): Promise<void> {
      const sent: KeeperInput = { name: 'a', password: 'b', born: null, shift: 'twilight', address: { street: 's', number: 4 } };
      const created = await unwrap(createKeeper(api, { body: sent }));
      const id: number = created.id; void id;
      // @ts-expect-error never received
      created.password;
      // @ts-expect-error never sent
      const wrong: KeeperInput = { id: 1, name: 'a', password: 'b' }; void wrong;
      const keeper: Keeper = created;
      // @ts-expect-error set by the service
      keeper.id = 2;
      await replaceKeeper(api, { id: '1', idInQuery: 2, bodyInQuery: 'x', body: sent }, { idempotencyKey: true, totalTimeoutMs: 5, signal: new AbortController().signal });
      // @ts-expect-error the body is required
      await replaceKeeper(api, { id: '1' });
    }

    export async function bodies(): Promise<void> {
      await addTeam(api, { body: { keepers: [] } });
      await addTeam(api, { contentType: 'application/x-www-form-urlencoded', body: { keepers: [], other: 1 } });
      await addTeam(api, { contentType: 'text/plain', body: 'x' });
      // @ts-expect-error text has another type
      await addTeam(api, { contentType: 'application/json', body: 'x' });
      const photo: Blob = await unwrap(uploadPhoto(api, { animalId: '1', body: { photo: new Blob(['x']), more: [new Uint8Array(1)], caption: 'c', meta: { a: 1 } } })); void photo;
      await putPhoto(api, { animalId: '1', contentType: 'image/png', body: new ArrayBuffer(1) });
      const stream: ReadableStream<Uint8Array> = await unwrap(watch(api)); void stream;
      const report = await download(api, { format: 'pdf' });
      if (report.ok && report.body instanceof Blob) report.body.size;
      const moved = await onlyRedirect(api);
      if (moved.ok) { const body: unknown = moved.body; void body; }
      const gone = await deleteKeeper(api, { id: '1' });
      if (gone.ok) { const message: string | undefined = gone.body.message; void message; } else { const message: string | undefined = gone.body.message; void message; }
      await proxy(api, { method: 'PATCH', proxy: 'a/b', body: new Blob([]) });
      await delete_(api); await types_(api); await drive(api, { body: { type: 'car', wheels: 4, doors: 2 } });
      await getanimal2(api, { constructorParameter: 'a', proto: 'b', toStringParameter: 'c' });
      await styles(api, { simple: ['a'], label: ['b'], matrix: { a: 1, b: 2 }, json: {} });
    }

    export const odd: SimpleAnimal = { class: 'x' }; export const odder: SimpleAnimal = { constructor: 'x' };
    export async function errors(): Promise<void> {
      try { await unwrap(getAnimal(api, { animalId: '1' })); }
      catch (error) {
        if (error instanceof ThrottledError) { const kind: string = error.gateway.kind; void kind; }
        else if (isApiError<typeof getAnimal>(error)) {
          if (error.status === 429) { const model: ApiErrorModel = error.body; void model; }
          else if (error.status === 404) { const message: string | undefined = error.body.message; void message; }
          else { const body: unknown = error.body; void body; }
        } else if (error instanceof ApiError) { const body: unknown = error.body; void body; }
      }
      type Failed = ErrorOf<typeof getAnimal>['status']; const status: Failed = 404; void status;
      // @ts-expect-error a success is not an error
      const success: Failed = 200; void success;
      type All = ResultOf<typeof getAnimal>; const all = (result: All): number => result.status; void all;
    }`;

const readme = files.find(({ path }) => path === 'README.md')!.text;
const snippets = [...readme.matchAll(/^```ts\n(.*?)\n```$/gms)].map((match) => match[1]!);
const roots = [
  ...['src/index.ts', 'index.d.ts', 'index.d.cts'].map((path) => `${client.folder}/${path}`),
  client.write('usage.mts', usage), client.write('usage.cts', usage),
  ...snippets.map((text, index) => client.write(`readme-${index}.mts`, `${text}\nexport {};\n`)),
];

for (const exactOptionalPropertyTypes of [false, true]) {
  test(`sources, declarations, an application in both kinds of module and the README's snippets, exactOptionalPropertyTypes ${exactOptionalPropertyTypes}`, () => {
    assert.ok(snippets.length >= 5, String(snippets.length));
    // A CommonJS file that is written with import is not "verbatim".
    assert.equal(typeCheck(roots, { exactOptionalPropertyTypes, verbatimModuleSyntax: false }), []);
  });
}

test('servers have no DOM: declarations pass with Node\'s types alone', () => {
  const typeRoots = [fileURLToPath(new URL('../../../../node_modules/@types', import.meta.url))];
  const faults = typeCheck(['index.d.ts', 'index.d.cts'].map((path) => `${client.folder}/${path}`), { lib: ['lib.es2022.d.ts'], types: ['node'], typeRoots });
  // Node's own declarations are not ours to judge.
  assert.equal(faults.filter((fault) => fault.includes(client.folder)), []);
});

test.after(() => client.remove());
test.run();
