/** What 1-load can report about reading files and following references. */
import { clip } from '../diagnostics/escape.js';
import { diagnostic } from '../diagnostics/define.js';

const show = (text: string): string => `'${clip(text, 100)}'`;

export const cannotRead = diagnostic<{ path: string; reason: string; hint?: string }>({
  code: 'GWC1001', severity: 'error',
  message: ({ path, reason }) => `cannot read ${show(path)}: ${reason}`,
  hint: ({ hint }) => hint,
  help: 'The file that was named on the command line, or that a `$ref`, an overlay or a parameter option points at, could not be opened.\n\nPaths on the command line are relative to the working directory; paths in a `$ref` are relative to the file that contains the `$ref`.',
});

export const tooLarge = diagnostic<{ bytes: number; limit: number }>({
  code: 'GWC1002', severity: 'error',
  message: ({ bytes, limit }) => `the file has ${megabytes(bytes)} MB; at most ${megabytes(limit)} MB are read`,
  hint: () => 'split the document into files joined by $ref, or remove embedded data',
  help: 'gwc reads files of up to 64 MB, many times the largest public OpenAPI documents (20 MB) and API Gateway\'s own import limit (6 MB). A larger file is usually a data dump or the wrong file. Split it into files joined by `$ref`, or take embedded data out.',
});

export const notText = diagnostic<{ found: string }>({
  code: 'GWC1003', severity: 'error',
  message: ({ found }) => `the file is not UTF-8 text: ${found}`,
  hint: () => 'save the file as UTF-8',
  help: 'OpenAPI documents are UTF-8 text (RFC 8259 §8.1, YAML 1.2 §5.2). A byte order mark is accepted, also that of UTF-16. The position is that of the first byte that is not valid.\n\nA common cause is an editor that saved ISO 8859-1 or Windows-1252: convert the file, for instance with `iconv -f WINDOWS-1252 -t UTF-8`.',
});

export const emptyFile = diagnostic({
  code: 'GWC1004', severity: 'error',
  message: () => 'the file is empty',
  hint: () => 'start with `gwc init`',
  help: 'The file holds nothing but white space and comments. `gwc init` writes a small document to start from.',
});

export const yamlSyntax = diagnostic<{ problem: string; hint?: string }>({
  code: 'GWC1005', severity: 'error',
  message: ({ problem }) => problem,
  hint: ({ hint }) => hint,
  help: 'The file is not valid YAML 1.2. Only the first fault is shown, because the ones after it are mostly its echo.\n\nUsual causes: tabs in the indentation, a missing space after `:`, a value that starts with `@`, `*`, `&`, `%` or `{` without quotes, an unquoted text with `: ` in it, or keys of one object that are indented differently.',
});

export const jsonSyntax = diagnostic<{ problem: string; hint?: string }>({
  code: 'GWC1006', severity: 'error',
  message: ({ problem }) => problem,
  hint: ({ hint }) => hint,
  help: 'The file is not valid JSON (RFC 8259): no comments, no trailing commas, double quotes only. A file that is really YAML should be named `.yaml`.',
});

export const duplicateKey = diagnostic<{ key: string }>({
  code: 'GWC1007', severity: 'error',
  message: ({ key }) => `the key ${show(key)} appears twice in one object`,
  hint: () => 'merge the two, or rename or remove one of them',
  help: 'One of the two values would win silently, and which one depends on the tool (RFC 8259 §4, YAML 1.2 §3.2.1.3). Two path items with the same path, or two methods of one path, are usual cases: merge them.',
});

export const tooDeep = diagnostic<{ limit: number }>({
  code: 'GWC1008', severity: 'error',
  message: ({ limit }) => `values are nested more than ${limit} levels deep`,
  hint: () => 'name inner schemas under components.schemas and refer to them with $ref',
  help: 'No real document nests that deeply; such input is a mistake of a generator or an attempt to exhaust the compiler. Name inner schemas under `components.schemas` and refer to them with `$ref`.',
});

export const aliasBomb = diagnostic<{ limit: number }>({
  code: 'GWC1009', severity: 'error',
  message: ({ limit }) => `YAML aliases expand to more than ${limit} values`,
  hint: () => 'use $ref instead of YAML aliases',
  help: 'Aliases (`*name`) that contain aliases multiply: a few lines can stand for billions of values ("billion laughs"). gwc stops before that. `$ref`s share without copying.',
});

export const aliasCycle = diagnostic<{ name: string }>({
  code: 'GWC1010', severity: 'error',
  message: ({ name }) => `the YAML alias ${show(`*${name}`)} contains itself`,
  hint: () => 'use a $ref for a recursive schema',
  help: 'A value that contains itself is no JSON value. Recursive schemas are written with `$ref`.',
});

export const notFinite = diagnostic<{ text: string }>({
  code: 'GWC1011', severity: 'error',
  message: ({ text }) => `${clip(text, 40)} is not a JSON number`,
  hint: () => 'write a finite number, or quote it if it is meant as text',
  help: 'Infinity and NaN (`.inf`, `.nan`, numbers above 1.8e308) have no JSON form (RFC 8259 §6). Write a finite number, or put the value in quotes if it is meant as text.',
});

export const keyNotScalar = diagnostic({
  code: 'GWC1012', severity: 'error',
  message: () => 'an object or array is used as a key',
  hint: () => 'quote the key; text in {braces} or [brackets] must be quoted to be a key',
  help: 'YAML allows any value as a key, JSON only strings. It mostly happens with an unquoted key such as `{id}: …`.',
});

export const severalDocuments = diagnostic({
  code: 'GWC1013', severity: 'error',
  message: () => 'the file holds several YAML documents',
  hint: () => 'put each document into a file of its own',
  help: 'A line `---` starts a second YAML document. An OpenAPI document is one YAML document.',
});

export const unknownTag = diagnostic<{ tag: string }>({
  code: 'GWC1014', severity: 'warning',
  message: ({ tag }) => `the YAML tag ${show(tag)} is ignored`,
  hint: () => 'remove the tag; CloudFormation\'s !Sub, !Ref, !GetAtt, !Join, !Select, !Split and !Base64 are understood',
  help: 'OpenAPI documents use the JSON schema of YAML. Tags have no meaning there, except the short forms of CloudFormation\'s intrinsic functions.',
});

export const notOpenApi = diagnostic<{ problem: string; hint: string }>({
  code: 'GWC1020', severity: 'error',
  message: ({ problem }) => `not an OpenAPI document: ${problem}`,
  hint: ({ hint }) => hint,
  help: 'gwc reads OpenAPI 2.0 (`swagger: "2.0"`), 3.0, 3.1 and 3.2 (`openapi: 3.0.3`). The field must stand at the root of the document.',
});

export const unsupportedVersion = diagnostic<{ field: string; version: string }>({
  code: 'GWC1021', severity: 'error',
  message: ({ field, version }) => `${field} version ${show(version)} is not known`,
  hint: () => 'write swagger: "2.0", or openapi: 3.0.x, 3.1.x or 3.2.x',
  help: 'gwc reads OpenAPI 2.0, 3.0, 3.1 and 3.2. Swagger 1.x documents can be converted with public tools such as `api-spec-converter`.',
});

export const builtInModel = diagnostic<{ reference: string; model: string; isError: boolean }>({
  code: 'GWC1174', severity: 'warning',
  message: ({ model }) => `the model '${model}' is API Gateway's own; the document does not define it, so it checks nothing`,
  hint: ({ reference, model, isError }) => `define it for other tools, under ${reference.slice(2, reference.lastIndexOf('/')).replace('/', '.')}: ${model}: ${isError ? '{type: object, properties: {message: {type: string}}}' : '{type: object}'}`,
  help: 'Every REST API of API Gateway has the models `Empty` and `Error`. Documents refer to them without defining them, and API Gateway takes that; other tools do not. gwc reads such a reference as a schema that takes anything. Define the model, or leave the reference out.',
});

export const unresolvedReference = diagnostic<{ reference: string; missing: string; suggestion?: string; holder?: string }>({
  code: 'GWC1030', severity: 'error',
  message: ({ reference, missing, holder }) => `$ref ${show(reference)} leads nowhere: there is no ${show(missing)}${holder ? ` in ${holder}` : ''}`,
  hint: ({ suggestion }) => (suggestion === undefined ? 'define it, or correct the reference' : `did you mean ${show(suggestion)}?`),
  help: 'A `$ref` is a URI reference: an optional file, relative to the file that contains it, and a JSON Pointer (RFC 6901) after `#`, for instance `#/components/schemas/Pet` or `models.yaml#/Pet`. In a pointer `/` inside a name is written `~1` and `~` is written `~0`.',
});

export const missingFile = diagnostic<{ reference: string; reason: string; suggestion?: string }>({
  code: 'GWC1031', severity: 'error',
  message: ({ reference, reason }) => `the file of $ref ${show(reference)} cannot be read: ${reason}`,
  hint: ({ suggestion }) => (suggestion === undefined ? 'paths are relative to the file that contains the $ref' : `did you mean ${show(suggestion)}?`),
  help: 'The file part of a `$ref` is relative to the file that contains it, not to the working directory and not to the entry document. Write the path from the folder of that file: `models/pet.yaml#/Pet`, `../shared.yaml#/Pet`.',
});

export const remoteReference = diagnostic<{ reference: string; origin: string }>({
  code: 'GWC1032', severity: 'error',
  message: ({ reference }) => `$ref ${show(reference)} points to the network`,
  hint: ({ origin }) => `download the file next to the document and refer to it by a relative path, or pass --allow-remote (any public https address) or --allow-remote-from ${clip(origin, 100)}`,
  help: 'By default a build does not use the network: it would not be reproducible, and a document could make the build machine call any address. Keep a copy of the referenced file in the repository.\n\n`--allow-remote` lets `$ref`s lead to https URLs at public addresses. `--allow-remote-from https://schemas.example.com` names an origin that is trusted: with it http and private addresses are allowed there. A document that is itself named by a URL may refer to its own origin.',
});

export const remoteFailed = diagnostic<{ reference: string; reason: string; instead?: string | undefined }>({
  code: 'GWC1070', severity: 'error',
  message: ({ reference, reason }) => `the file of $ref ${show(reference)} cannot be fetched: ${clip(reason, 200)}`,
  hint: ({ instead }) => (instead === undefined ? 'open the URL in a browser, or download the file next to the document and refer to it by a relative path' : `write ${clip(instead, 200)}`),
  help: 'A remote file is fetched with one GET without credentials, at most five redirects, 15 seconds and 16 MB; all remote files of a build together may take a minute and 64 MB. It is kept for that build only. A page for people (HTML) is no document: of a file on GitHub refer to https://raw.githubusercontent.com/…, which is what its button Raw leads to. For builds that always work keep a copy in the repository.',
});

export const remoteRefused = diagnostic<{ reference: string; reason: string; origin: string | undefined }>({
  code: 'GWC1071', severity: 'error',
  message: ({ reference, reason }) => `$ref ${show(reference)} is not fetched: ${clip(reason, 200)}`,
  hint: ({ origin }) => (origin === undefined ? 'download the file next to the document and refer to it by a relative path' : `if you trust it, pass --allow-remote-from with that origin: --allow-remote-from ${clip(origin, 100)}`),
  help: '`--allow-remote` fetches over https and from public addresses only, also after redirects: a document must not make the build machine call services of its own network. `--allow-remote-from ORIGIN` (scheme, host and port) names an origin for which neither holds. URLs with a user name or password are never fetched.',
});

export const notFetchable = diagnostic<{ reference: string; from: 'local' | 'remote' }>({
  code: 'GWC1072', severity: 'error',
  message: ({ reference, from }) => (from === 'remote' ? `$ref ${show(reference)} of a remote file leads to no http or https URL` : `$ref ${show(reference)} is neither a file nor an http or https URL`),
  hint: ({ from }) => (from === 'remote' ? 'a remote file can refer to URLs only, never to files of this machine' : 'write a path relative to the file that contains the $ref'),
  help: 'A `$ref` names a file by a path relative to the file that contains it or by a `file:` URL, or an http(s) URL where `--allow-remote` or `--allow-remote-from` allows it. What was fetched from the network cannot refer to local files.',
});

export const outsideReference = diagnostic<{ reference: string; root: string }>({
  code: 'GWC1033', severity: 'error',
  message: ({ reference, root }) => `$ref ${show(reference)} leaves the document's folder ${show(root)}`,
  hint: () => 'move the file below that folder, or pass --allow-outside',
  help: 'By default only files in the folder of the entry document and below are read, so that a document from elsewhere cannot read other files of the machine. `--allow-outside` lifts that for documents you trust.',
});

export const circularReference = diagnostic<{ reference: string }>({
  code: 'GWC1034', severity: 'error',
  message: ({ reference }) => `$ref ${show(reference)} only leads round in a circle`,
  hint: () => 'one of these must be a real object instead of a $ref',
  help: 'Each of the references points at another reference and none at an object. (A schema that contains itself somewhere inside is fine: `Node.properties.children.items.$ref: Node`.)',
});

export const referenceNotString = diagnostic({
  code: 'GWC1035', severity: 'error',
  message: () => '$ref must be a string',
  hint: () => 'write the reference as text, in quotes: "#/components/schemas/Name"',
  help: 'An unquoted `#` after a space starts a YAML comment, so `$ref: #/components/schemas/Pet` is an empty `$ref`. Quote it. Write `$ref: "#/components/schemas/Pet"`.',
});

export const tooManyFiles = diagnostic<{ limit: number }>({
  code: 'GWC1036', severity: 'error',
  message: ({ limit }) => `the document refers to more than ${limit} files`,
  hint: () => 'bundle the document first',
  help: 'A guard against documents that make the compiler read a whole disk. Bundle the document into fewer files first, or check that the references lead to what is meant.',
});

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0);
}
