/** An Api with one of everything that clients have to get right. */
import type { Api } from '../../ir.js';
import { api, media, operation, ORIGIN, parameter, ref } from './api.js';

export function zoo(): Api {
  return api({
    title: 'Zoo', version: '1.2', description: 'Animals.\nAnd their keepers.', servers: ['https://zoo.example.com/v1/', '/relative'],
    securitySchemes: {
      key: { kind: 'apiKey', name: 'x-api-key', in: 'header', origin: ORIGIN },
      'query-key': { kind: 'apiKey', name: 'api_key', in: 'query', origin: ORIGIN },
      session: { kind: 'apiKey', name: 'sid', in: 'cookie', origin: ORIGIN },
      token: { kind: 'http', scheme: 'Bearer', origin: ORIGIN },
      login: { kind: 'http', scheme: 'basic', origin: ORIGIN },
      oauth: { kind: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://zoo.example.com/token', scopes: {} } }, origin: ORIGIN },
      iam: { kind: 'apiKey', name: 'Authorization', in: 'header', origin: ORIGIN, aws: { kind: 'iam', configuration: {}, origin: ORIGIN } },
      digest: { kind: 'http', scheme: 'digest', origin: ORIGIN },
      certificate: { kind: 'mutualTLS', origin: ORIGIN },
    },
    schemas: {
      Animal: {
        oneOf: [ref('Cat'), ref('Dog'), ref('Fish')],
        discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: 'Dog', puppy: 'Dog', fish: 'Fish' } },
      },
      Cat: { type: 'object', required: ['kind', 'lives'], properties: { kind: { const: 'cat' }, lives: { type: 'integer' }, mother: ref('Cat') } },
      Dog: { type: 'object', required: ['kind', 'bark'], properties: { kind: { type: 'string' }, bark: { type: 'string' }, friends: { type: 'array', items: ref('Animal') } } },
      Fish: { type: 'object', required: ['kind'], properties: { kind: { type: 'string', enum: ['fish'] }, depth: { type: 'number' } } },
      Vehicle: { type: 'object', required: ['type', 'wheels'], properties: { type: { type: 'string' }, wheels: { type: 'integer' } }, discriminator: { propertyName: 'type', mapping: { car: 'Car', bike: 'Bike' } } },
      Car: { allOf: [ref('Vehicle'), { type: 'object', required: ['doors'], properties: { doors: { type: 'integer' }, tows: ref('Vehicle') } }] },
      Bike: { allOf: [ref('Vehicle'), { properties: { bell: { type: 'boolean' } } }] },
      Keeper: {
        type: 'object', required: ['id', 'name', 'password'],
        properties: {
          id: { type: 'integer', format: 'int64', readOnly: true }, name: { type: 'string' }, password: { type: 'string', writeOnly: true },
          born: { type: ['string', 'null'], format: 'date' }, shift: { type: 'string', enum: ['day', 'night'], default: 'day' }, level: { type: 'integer', enum: [1, 2, 3] },
          boss: ref('Keeper'), address: { allOf: [ref('Address')], description: 'Where they live' }, tags: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
      Address: { type: 'object', properties: { street: { type: 'string' } }, additionalProperties: { type: 'integer' } },
      Team: { type: 'object', required: ['keepers'], properties: { keepers: { type: 'array', items: ref('Keeper') } }, additionalProperties: true },
      Tree: { type: 'object', properties: { left: { anyOf: [ref('Tree'), { type: 'null' }] }, right: ref('Tree'), children: { type: 'array', items: ref('Tree') } } },
      Nest: { type: 'array', items: { anyOf: [{ type: 'string' }, ref('Nest')] } },
      Point: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], items: false },
      Anything: true, Nothing: false, Empty: {}, Closed: { type: 'object', additionalProperties: false },
      Selfish: { allOf: [ref('Selfish2')] }, Selfish2: { anyOf: [ref('Selfish'), { type: 'string' }] },
      // Names that the core, the language or the platform has too.
      ApiError: { type: 'object', required: ['message'], properties: { message: { type: 'string' }, code: { type: 'integer' } } },
      Error: { type: 'object', properties: { message: { type: 'string' } } }, Promise: { type: 'object', properties: { then: { type: 'string' } } },
      Record: { type: 'string' }, Blob: { type: 'object', properties: { size: { type: 'string' } } }, Exclude: { type: 'string' }, URL: { type: 'string' }, client: { type: 'string' }, string: { type: 'integer' },
      'simple-animal': { type: 'object', properties: { 'x-colour': { type: 'string' }, class: { type: 'string' }, constructor: { type: 'string' }, __proto__x: { type: 'string' } } },
      'simple_animal': { type: 'object' }, GetAnimalResult: { type: 'boolean' }, '2fast': { type: 'string' }, 'Übung': { type: 'string' },
      Either: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      Mixed: { type: ['string', 'integer', 'null'] },
      MaybeAnimal: { oneOf: [ref('Cat'), ref('Dog'), { type: 'null' }], discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: 'Dog' } } },
    },
    operations: [
      operation('getAnimal', 'GET /animals/{animalId}', { description: 'One animal */ alert(1) /*', responses: { 200: ref('Animal'), 404: ref('Error'), 429: ref('ApiError') }, security: [{ key: [] }] }),
      operation('listAnimals', 'GET /animals', {
        parameters: [
          parameter('limit', 'query', { type: 'integer', default: 20 }), parameter('tags', 'query', { type: 'array', items: { type: 'string' } }), parameter('ids', 'query', { type: 'array', items: { type: 'integer' } }, { explode: false }),
          parameter('spaced', 'query', { type: 'array', items: { type: 'string' } }, { style: 'spaceDelimited', explode: false }), parameter('piped', 'query', { type: 'array', items: { type: 'string' } }, { style: 'pipeDelimited', explode: false }),
          parameter('filter', 'query', { type: 'object', properties: { colour: { type: 'string' }, age: { type: 'object', properties: { lt: { type: 'integer' } } } } }, { style: 'deepObject' }),
          parameter('where', 'query', { type: 'object' }, { contentType: 'application/json' }), parameter('raw', 'query', { type: 'string' }, { allowReserved: true }),
          parameter('X-Trace-Id', 'header', { type: 'string' }), parameter('sid', 'cookie', { type: 'string' }), parameter('Accept', 'header', { type: 'string' }), parameter('sort[by]', 'query', { type: 'string', enum: ['name', 'age'] }),
        ],
        responses: { 200: { type: 'array', items: ref('Animal') }, '4XX': ref('ApiError'), 418: { type: 'string' }, default: ref('Error') },
      }),
      operation('createKeeper', 'POST /keepers', { body: { 'application/json': ref('Keeper') }, responses: { 201: ref('Keeper'), 400: { content: { 'application/problem+json': ref('Error') } } }, security: [{ token: [] }, { key: [], login: [] }] }),
      operation('replaceKeeper', 'PUT /keepers/{id}', { parameters: [parameter('id', 'query', { type: 'integer' }), parameter('body', 'query', { type: 'string' })], body: { 'application/json': ref('Keeper') }, responses: { 204: null } }),
      operation('deleteKeeper', 'DELETE /keepers/{id}', { responses: { default: ref('Error') } }),
      operation('addTeam', 'POST /teams', { body: { 'application/json': ref('Team'), 'application/x-www-form-urlencoded': ref('Team'), 'text/plain': { type: 'string' } }, responses: { 200: null } }),
      operation('uploadPhoto', 'POST /animals/{animalId}/photo', {
        body: { 'multipart/form-data': { ...media('multipart/form-data', { type: 'object', required: ['photo'], properties: { photo: { type: 'string', format: 'binary' }, more: { type: 'array', items: { type: 'string', format: 'binary' } }, caption: { type: 'string' }, meta: { type: 'object', properties: { a: { type: 'integer' } } } } }), encoding: { meta: { contentType: 'application/json', style: 'form', explode: true } } } },
        responses: { 200: { content: { 'image/*': { type: 'string', format: 'binary' } } } },
      }),
      operation('putPhoto', 'PUT /animals/{animalId}/photo', { body: { 'image/*': { type: 'string', format: 'binary' } }, responses: { 204: null } }),
      operation('sendForm', 'POST /form', { body: { 'application/x-www-form-urlencoded': { type: 'object', required: ['a'], properties: { a: { type: 'string' }, list: { type: 'array', items: { type: 'string' } }, object: { type: 'object' } } } }, responses: { 200: { content: { 'text/plain': { type: 'string' } } } } }),
      operation('watch', 'GET /events', { responses: { 200: { content: { 'text/event-stream': { type: 'string' } } } } }),
      operation('download', 'GET /report.{format}', { responses: { 200: { content: { 'application/pdf': { type: 'string', format: 'binary' }, 'application/json': ref('Tree'), 'application/xml': ref('Tree') } }, 302: null } }),
      operation('onlyRedirect', 'GET /moved', { responses: { 302: null } }),
      operation('head', 'HEAD /animals', { responses: { 200: null } }),
      operation('proxy', 'ANY /proxy/{proxy+}', { responses: {}, security: [{ iam: [] }] }),
      operation('delete', 'DELETE /everything', { deprecated: true, responses: { 200: ref('Anything') }, security: [{ certificate: [] }, { digest: [] }] }),
      operation('types', 'GET /types', { responses: { 200: ref('Mixed') }, security: [{ 'query-key': [] }, { session: [] }, { oauth: [] }] }),
      operation('getanimal', 'GET /lower/{constructor}/{__proto__}', { parameters: [parameter('toString', 'query', { type: 'string' })], responses: { 200: ref('GetAnimalResult') } }),
      operation('drive', 'POST /vehicles', { body: { 'application/json': ref('Vehicle') }, responses: { 200: ref('Vehicle'), 202: ref('Car') } }),
      operation('styles', 'GET /styles/{simple}/{label}/{matrix}/{json}', {
        parameters: [
          parameter('simple', 'path', { type: 'array', items: { type: 'string' } }), parameter('label', 'path', { type: 'array', items: { type: 'string' } }, { style: 'label', explode: true }),
          parameter('matrix', 'path', { type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: true }, { style: 'matrix', explode: true }), parameter('json', 'path', { type: 'object' }, { contentType: 'application/json' }),
        ],
        responses: { 200: ref('Anything') },
      }),
    ],
  });
}
