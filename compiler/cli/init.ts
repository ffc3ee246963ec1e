/** `gwc init [file]`: a small commented document to start from. */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { makeFolder } from './make-folder.js';
import { UsageError } from './usage-error.js';

export const init: CommandModule<object, { file: string }> = {
  command: 'init [file]',
  describe: 'write a small commented document to start from',
  builder: (yargs) => yargs.positional('file', { type: 'string', default: 'api.yaml', describe: 'where to write it; never overwritten' }) as never,
  handler({ file }) {
    if (existsSync(file)) throw new UsageError(`${file} exists already; name another file`);
    try {
      makeFolder(dirname(file));
      writeFileSync(file, STARTER);
    } catch (error) {
      throw new UsageError(`cannot write ${file}: ${(error as Error).message}`);
    }
    process.stdout.write(`wrote ${file}\nnext:  gwc build ${file}  &&  node dist/gateway.mjs\n`);
  },
};

const STARTER = `openapi: 3.0.3
info:
  title: Hello
  version: 1.0.0

# Where operations without an integration of their own go. \`gwc build --upstream URL\` says so on the command line,
# \`gwc build --mock\` answers them from the examples below instead.
servers:
  - url: https://httpbin.org

# What API Gateway keeps outside the document lives here: stages and their variables, later usage plans and keys.
x-gwc:
  stages:
    dev:
      variables: {greeting: hello from dev}

# Requests are checked against the document and refused with RFC 9457 problem details. Responses: off, report or enforce.
x-gwc-validation: {request: enforce, response: off, errors: problem}

paths:
  /hello:
    get:
      operationId: hello
      summary: Answered by the gateway itself, without a backend
      responses:
        '200':
          description: A greeting
          headers:
            X-Greeting: {schema: {type: string}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Greeting'}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: '{"statusCode": 200}'
        responses:
          default:
            statusCode: '200'
            responseParameters:
              method.response.header.X-Greeting: stageVariables.greeting
            responseTemplates:
              application/json: '{"message": "Hello"}'

  /items/{id}:
    get:
      operationId: getItem
      summary: Goes to the upstream; id must be a positive integer
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
      responses:
        '200':
          description: The item
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Item'}
              example: {id: 1, name: First}

components:
  schemas:
    Greeting:
      type: object
      required: [message]
      properties:
        message: {type: string}
    Item:
      type: object
      required: [id, name]
      properties:
        id: {type: integer}
        name: {type: string, maxLength: 80}
`;
