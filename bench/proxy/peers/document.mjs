// The API of the bench, as the peers take it: the same operations and body schema as ../pets.yaml.
export const document = {
  openapi: '3.0.3',
  info: { title: 'pets', version: '1' },
  paths: {
    '/pets': {
      post: {
        operationId: 'createPet',
        requestBody: { required: true, content: { 'application/json': { schema: {
          type: 'object', required: ['name', 'tag'], additionalProperties: false,
          properties: { name: { type: 'string', minLength: 1 }, tag: { type: 'string', enum: ['dog', 'cat'] }, age: { type: 'integer', minimum: 0 }, notes: { type: 'string', maxLength: 2000 } },
        } } } },
        responses: { 200: { description: 'ok' } },
      },
    },
    '/pets/{id}': { get: { operationId: 'getPet', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } } } },
  },
};
