import { clip } from '../../diagnostics/escape.js';
import { diagnostic } from '../../diagnostics/define.js';

export const unresolvedPlaceholder = diagnostic<{ name: string; count: number }>({
  code: 'GWC1040', severity: 'warning',
  message: ({ name, count }) => `${name.startsWith('resolve:') ? `{{${clip(name, 100)}}}` : `\${${clip(name, 100)}}`} has no value${count > 1 ? ` (used in ${count} places)` : ''}`,
  hint: ({ name }) => `give it one: --param '${clip(name, 100)}=…', or --params FILE`,
  help: 'The document has a placeholder of CloudFormation, SAM or Terraform that is usually filled in when it is deployed: `${name}`, `!Ref name`, `!GetAtt resource.attribute`, `!Sub "…${name}…"`, `{{resolve:ssm:/name}}`. It has no value in this build, so its text stays in place as it is. Where the gateway cannot be built without the value (the host of a backend, say) this is an error.\n\n`--param name=value` gives a value, `--params file` many (JSON, YAML, .env or .tfvars), and `GWC_PARAM_name` or `TF_VAR_name` in the environment one as well: `--param` wins over files, later files over earlier ones, files over the environment, and that over the defaults of a template. For an attribute the name is `resource.attribute`, for `Fn::ImportValue` that of the export, for a dynamic reference what stands in its braces (`resolve:ssm:/name`). `AWS::Region` (us-east-1), `AWS::AccountId` (000000000000), `AWS::Partition` (aws) and `AWS::URLSuffix` (amazonaws.com) have defaults.\n\n`${stageVariables.name}` is no such placeholder: it is filled in for each request from the stage\'s variables (`x-gwc.stages`).',
});

export const brokenIntrinsic = diagnostic<{ name: string }>({
  code: 'GWC1041', severity: 'error',
  message: ({ name }) => `the arguments of ${name} are not of the form it takes`,
  hint: ({ name }) => FORMS[name],
  help: 'CloudFormation\'s intrinsic functions take fixed argument forms. Those that gwc computes in an OpenAPI document: `Ref`, `Fn::GetAtt`, `Fn::Sub` (both forms), `Fn::Join`, `Fn::Select`, `Fn::Split`, `Fn::Base64`, `Fn::ImportValue`, `Fn::Length`, `Fn::ToJsonString`.',
});

const FORMS: Readonly<Record<string, string>> = {
  'Fn::Sub': "write Fn::Sub: 'text with ${name}', or Fn::Sub: ['text with ${name}', {name: value}]",
  'Fn::Join': "write Fn::Join: ['separator', [part, part]]",
  'Fn::Select': 'write Fn::Select: [index, [value, value]]',
  'Fn::Split': "write Fn::Split: ['separator', text]",
  'Fn::GetAtt': 'write Fn::GetAtt: [resource, attribute]',
  'Fn::Base64': 'write Fn::Base64: text',
  'Fn::ImportValue': 'write Fn::ImportValue: name-of-the-export',
  'Fn::Length': 'write Fn::Length: [item, item]',
  'Fn::ToJsonString': 'write Fn::ToJsonString: {name: value}',
};

export const needsTemplate = diagnostic<{ name: string; isInTemplate: boolean; problem?: string; suggestion?: string | undefined }>({
  code: 'GWC1042', severity: 'error',
  message: ({ name, problem }) => (problem === undefined ? `${clip(name, 40)} cannot be computed here` : `${clip(name, 40)} cannot be computed: ${clip(problem, 300)}`),
  hint: ({ suggestion, isInTemplate }) => (suggestion === undefined ? (isInTemplate ? 'write the value it should have in this build' : 'build the template that this document is part of: gwc build template.yaml; or write the value it should have') : `did you mean '${clip(suggestion, 100)}'?`),
  help: 'This intrinsic function refers to conditions, mappings or macros of a CloudFormation template. An OpenAPI document of its own has none: build the template itself (`gwc build template.yaml`), or write the value that it has in this build. In a template the condition or the key of the mapping that it names does not exist.',
});

export const unknownDirective = diagnostic<{ condition: string; names: readonly string[] }>({
  code: 'GWC1175', severity: 'warning',
  message: ({ condition }) => `whether '${clip(condition.replace(/\s+/g, ' '), 100)}' holds cannot be told in this build; it is taken as true`,
  hint: ({ names }) => (names.length === 0 ? 'write the condition with names, texts in quotes, ==, !=, &&, || and !' : `give what it compares: ${names.slice(0, 3).map((name) => `--param '${clip(name, 60)}=…'`).join(' ')}`),
  help: "A directive of a Terraform template, `%{ if … }`, is decided when the document is read: with names that have a value (`--param`, `--params`, `TF_VAR_name`), texts, numbers, `==`, `!=`, `<`, `>`, `&&`, `||`, `!`, `strcontains`, `startswith`, `endswith`, `lower`, `upper` and `length`. What it leaves out is read as blanks, so that places in the document stay what they are.",
});

export const brokenDirective = diagnostic<{ problem: string; hint: string | undefined }>({
  code: 'GWC1176', severity: 'error',
  message: ({ problem }) => problem,
  hint: ({ hint }) => hint ?? 'let Terraform write the document first: terraform console, then templatefile("api.tftpl", {…})',
  help: 'Of the directives of a Terraform template gwc decides `%{ if … }`, `%{ else }` and `%{ endif }`, which must belong together. A loop writes text that stands nowhere in the file; a document made by one has to be written by Terraform before it is built: `templatefile` in `terraform console`, or a `local_file` resource.',
});

export const unusedParameter = diagnostic<{ name: string; suggestion: string | undefined }>({
  code: 'GWC1043', severity: 'info',
  message: ({ name }) => `nothing in the document asks for the parameter '${clip(name, 100)}'`,
  hint: ({ suggestion }) => (suggestion === undefined ? 'leave it out, or mind upper and lower case' : `did you mean '${clip(suggestion, 100)}'?`),
  help: 'A value was given with --param or --params, and no `${name}`, `Ref`, `Fn::GetAtt` or `Fn::Sub` uses it. Mind upper and lower case.',
});

export const badParameters = diagnostic<{ problem: string }>({
  code: 'GWC1044', severity: 'error',
  message: ({ problem }) => problem,
  hint: () => 'a parameter file is an object of names and values in JSON or YAML, has lines NAME=value, or is called .tfvars and has lines name = "value"',
  help: '`--params FILE` reads JSON or YAML (an object whose values are texts, numbers or booleans; CloudFormation\'s `[{"ParameterKey": …, "ParameterValue": …}]` too) or a `.env` file (lines `NAME=value`, `#` comments, quotes around the value are removed). A file called `.tfvars` is read as Terraform reads it, literal values only; parts of its lists and maps are called `list[0]` and `map.key`.',
});
