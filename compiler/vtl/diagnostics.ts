/** What can be said of a mapping template before it ever runs. */
import { diagnostic } from '../diagnostics/define.js';

function syntaxHint(message: string): string {
  if (/never closed|the template ends/.test(message)) return 'every #if, #foreach, #macro and #define ends with #end, every bracket and quote is closed';
  if (/expected a value/.test(message)) return 'write a value there: $name, "text", a number, [a list] or {a: map}';
  return 'see `gwc explain GWC2400` for what is often mistaken';
}

export const SYNTAX = diagnostic<{ message: string }>({
  code: 'GWC2400', severity: 'error',
  message: ({ message }) => `mapping template: ${message}`,
  hint: ({ message }) => syntaxHint(message),
  help: `The template is not valid Velocity (VTL), so API Gateway would answer every request with 500.

Frequent causes: an \`#if\`, \`#foreach\` or \`#macro\` without its \`#end\`; \`#else\` directly followed by text (write \`#{else}text\`); a space
before a minus (\`$a -1\` reads as two values, write \`$a - 1\`); a \`$\` as the last character of the template; a double quote inside a
double-quoted string (double it: \`""\`). \`#include\` and \`#parse\` do not exist here: there is nothing to load from.`,
});

export const UNKNOWN_UTIL = diagnostic<{ name: string; suggestion?: string; appSync: boolean; isMisused: boolean }>({
  code: 'GWC2401', severity: 'warning',
  message: ({ name, isMisused }) => (isMisused ? `$util.${name} takes one argument: called otherwise it renders as nothing` : `$util.${name} does not exist in API Gateway mapping templates: it renders as nothing`),
  hint: ({ name, suggestion, appSync, isMisused }) => {
    if (isMisused) return `write $util.${name}($value)`;
    return suggestion ? `did you mean '$util.${suggestion}'?` : `${appSync ? 'this function belongs to AppSync; ' : ''}there are escapeJavaScript, parseJson, urlEncode, urlDecode, base64Encode and base64Decode, each with one argument`;
  },
  help: `REST and WebSocket API templates have exactly these functions: \`$util.escapeJavaScript(text)\`, \`parseJson(text)\`, \`urlEncode(text)\`,
\`urlDecode(text)\`, \`base64Encode(text)\` and \`base64Decode(text)\`, each with one argument. \`$util.error\`, \`$util.time\`, \`$util.dynamodb\`,
\`$util.toJson\` and others belong to AppSync.`,
});

export const UNKNOWN_CONTEXT = diagnostic<{ name: string; suggestion?: string }>({
  code: 'GWC2402', severity: 'warning',
  message: ({ name }) => `$context.${name} does not exist: it renders as nothing`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '$context.${suggestion}'?` : 'some are $context.requestId, $context.stage, $context.identity.sourceIp and $context.authorizer.<name>'),
  help: `\`$context\` has a fixed set of variables (requestId, identity.*, authorizer.*, stage, resourcePath …); see AWS, "Variables for data
transformations for API Gateway". Anything else renders as nothing, without an error. Names are case-sensitive.`,
});

export const UNKNOWN_METHOD = diagnostic<{ name: string; suggestion?: string }>({
  code: 'GWC2403', severity: 'warning',
  message: ({ name }) => `no value in a template has a method ${name}(): the reference renders as nothing`,
  hint: ({ suggestion }) => (suggestion ? `did you mean '${suggestion}()'?` : 'values have the methods of Java\'s String, List and Map: length(), substring(a, b), size(), get(i), keySet()'),
  help: `Values in a template are Java objects: String, Integer, Long, Double, Boolean, Map and List. They have Java's methods
(\`length()\`, \`substring(a, b)\`, \`replaceAll(regex, replacement)\`, \`size()\`, \`get(i)\`, \`put(k, v)\`, \`keySet()\` …), not JavaScript's or
Python's. A call to a method that does not exist gives null: the whole reference renders as nothing.`,
});

export const UNDEFINED_VARIABLE = diagnostic<{ name: string; suggestion?: string }>({
  code: 'GWC2404', severity: 'warning',
  message: ({ name }) => `$${name} is never set`,
  hint: ({ suggestion, name }) => (suggestion ? `did you mean '$${suggestion}'?` : `set it first, #set($${name} = …), or write $null where nothing is meant`),
  help: `No \`#set\`, \`#foreach\`, \`#define\` or macro parameter of this template gives the variable a value, so it is null wherever it is read
and renders as nothing. If that is meant (a test against null), call it \`$null\`, which is understood as such. To print a dollar sign,
write \`#set($d = '$')\` and \`\${d}name\`.`,
});

export const UNREACHABLE = diagnostic<{ why: string }>({
  code: 'GWC2405', severity: 'warning',
  message: ({ why }) => `this part can never render: ${why}`,
  hint: ({ why }) => (why === 'its condition is never true' ? 'write a comparison or a reference: #if($name == "text"), #if($name)' : 'remove it, or change what comes before it'),
  help: `The condition above it is always true or always false, or a \`#stop\` or \`#break\` comes before it. Note that in Velocity a literal
or a calculation is never true in a condition: \`#if("text")\`, \`#if(1)\` and \`#if($a + 1)\` never render their block; only a reference, a
comparison or \`true\` can be. Write \`#if($a == "text")\`.`,
});

export const NOT_JSON = diagnostic<{ message: string }>({
  code: 'GWC2406', severity: 'warning',
  message: ({ message }) => `the template cannot render JSON: ${message}`,
  hint: ({ message }) => (/","|comma/.test(message) ? 'between the elements of a loop write #if($foreach.hasNext),#end; elsewhere put or take out the comma' : 'write the text around the references so that it is JSON whatever they render'),
  help: `The content type says JSON, but whatever values the references have, the text around them is not JSON: a comma too many or too few,
a missing quote or bracket. API Gateway does not check the output; the backend (or the client) gets broken JSON. Between the elements of a
loop write \`#if($foreach.hasNext),#end\`.`,
});

export const UNESCAPED = diagnostic<{ reference: string; json: boolean }>({
  code: 'GWC2407', severity: 'warning',
  message: ({ reference, json }) => (json ? `${reference} is JSON text already: inside quotes it breaks the JSON around it` : `${reference} goes into a JSON string unescaped: a quote in it breaks the JSON or adds members to it`),
  hint: ({ reference, json }) => (json ? 'leave out the quotes around it' : `write $util.escapeJavaScript(${reference}).replaceAll("\\\\'", "'")`),
  help: `The value comes from the client or the backend and is inserted between double quotes as it is. A value such as \`x","admin":"true\`
then adds a member to the object: an injection. Use \`$util.escapeJavaScript(…)\`; because it also escapes apostrophes, which JSON does not
allow, add \`.replaceAll("\\\\'", "'")\`. Or insert the value with its quotes: \`"name": $input.json('$.name')\`.`,
});

export const BAD_JSON_PATH = diagnostic<{ path: string; message: string }>({
  code: 'GWC2408', severity: 'warning',
  message: ({ path, message }) => `not a JSONPath: ${JSON.stringify(path)}: ${message}`,
  hint: ({ path }) => `write a path such as ${/^\$[.\w]*\w/.exec(path)?.[0] ?? '$.name'}, $['a name'], $.list[0] or $.list[*].id`,
  help: `\`$input.path\` and \`$input.json\` take a JSONPath in Jayway's dialect: \`$.a.b\`, \`$['a b']\`, \`$.list[0]\`, \`$.list[*].id\`, \`$..id\`,
\`$.list[?(@.price < 10)]\`. With anything else every request fails with 500.`,
});

export const PARAMETER_MAPPING_NAME = diagnostic<{ reference: string }>({
  code: 'GWC2409', severity: 'warning',
  message: ({ reference }) => `${reference} is a parameter-mapping expression: in a template it stays as text`,
  hint: ({ reference }) => `write $input.params('${reference.split('.').at(-1)!.replace(/\W.*$/, '')}')`,
  help: `\`method.request.path.id\` and the like name parameters in \`requestParameters\` and \`responseParameters\`. Templates read parameters with
\`$input.params('id')\`, \`$input.params().path.id\`, \`$input.params().querystring.id\` or \`$input.params().header.id\`.`,
});

export const ASSIGNS_NOTHING = diagnostic<{ reference: string; name: string }>({
  code: 'GWC2410', severity: 'warning',
  message: ({ reference }) => `#set(${reference} = …) does not set $${reference.replace(/[${}!]/g, '')}`,
  hint: ({ name }) => `write #set($${name} = …)`,
  help: `Velocity 1.7 takes the name of the variable to assign from the first token of the reference: for \`\${name}\` that is \`{\`, for \`$!name\` it
is \`!name\`. The variable \`$name\` keeps its value. On the left of \`=\` write the plain form.`,
});

export const MALFORMED_FOREACH = diagnostic({
  code: 'GWC2411', severity: 'warning',
  message: () => 'this #foreach never renders its block: it is not written #foreach($item in $list)',
  hint: () => "write one variable, the word in and one list: #foreach($item in $input.path('$.items'))",
  help: 'Velocity accepts `#foreach($item $list)` and `#foreach($item in $list "more")` without an error and then loops over nothing. Write `#foreach($item in $list)`.',
});

export const BAD_PATTERN = diagnostic<{ pattern: string; message: string }>({
  code: 'GWC2412', severity: 'warning',
  message: ({ pattern, message }) => `not a Java regular expression: ${JSON.stringify(pattern)}: ${message}`,
  hint: ({ pattern }) => (/^[()[\]{}*+?|.^$]$/.test(pattern) ? `write "\\${pattern}" for the character itself, or replace() for plain text` : 'put a backslash before a character that stands for itself, or write replace() for plain text'),
  help: `\`replaceAll\`, \`replaceFirst\`, \`split\` and \`matches\` take a Java regular expression. Special characters need a backslash (\`split("\\|")\`,
\`replaceAll("\\(", "")\`); in a template's string a backslash is written once. To replace plain text use \`replace\`.`,
});

export const MISSPELLED_DIRECTIVE = diagnostic<{ name: string; suggestion: string }>({
  code: 'GWC2413', severity: 'warning',
  message: ({ name }) => `#${name} is no directive and no macro of this template: it renders as text`,
  hint: ({ suggestion }) => `did you mean '#${suggestion}'?`,
  help: `Velocity's directives are \`#set #if #elseif #else #end #foreach #break #stop #macro #define #evaluate\`, in this spelling. There is no
\`#endif\`, \`#elif\` or \`#endforeach\`. Any other \`#word\` is text, which is why \`{"#n": "name"}\` needs no escaping.`,
});

export const UNKNOWN_INPUT = diagnostic<{ name: string }>({
  code: 'GWC2414', severity: 'warning',
  message: ({ name }) => `$input.${name} does not exist: it renders as nothing`,
  hint: () => "there are $input.body, $input.json('$…'), $input.path('$…'), $input.params() and $input.params('name')",
  help: `\`$input\` has \`body\` and the methods \`json(path)\`, \`path(path)\`, \`params()\` and \`params(name)\`, nothing else. Without their parentheses the
methods render as nothing.`,
});

export const TOO_LARGE = diagnostic<{ bytes: number }>({
  code: 'GWC2415', severity: 'warning',
  message: ({ bytes }) => `the template has ${bytes} bytes: API Gateway takes at most 300 KB`,
  hint: () => 'split it over several operations, or let a Lambda function do the mapping',
  help: 'API Gateway refuses mapping templates of more than 300 KB when they are imported. Here the template works, so this only matters where the document also goes to AWS. Split the template over several operations, or let a function do the mapping.',
});

export const OVERRIDDEN_TWICE = diagnostic<{ reference: string }>({
  code: 'GWC2416', severity: 'warning',
  message: ({ reference }) => `${reference} is overridden for a second time: every request that comes here is answered 500`,
  hint: () => 'work out the value in a variable, and override once at the end of the template',
  help: `An override may be applied to each parameter only once; API Gateway answers a 5XX when a template overrides the same one again. That goes for \`$context.requestOverride.header|querystring|path.<name>\`, \`$context.responseOverride.header.<name>\`
and \`$context.responseOverride.status\`, in whatever syntax. This is said where both statements surely run; in a \`#foreach\` it depends on the data.`,
});

export const VTL_DIAGNOSTICS = {
  SYNTAX, UNKNOWN_UTIL, UNKNOWN_CONTEXT, UNKNOWN_METHOD, UNDEFINED_VARIABLE, UNREACHABLE, NOT_JSON, UNESCAPED, BAD_JSON_PATH, PARAMETER_MAPPING_NAME, ASSIGNS_NOTHING,
  MALFORMED_FOREACH, BAD_PATTERN, MISSPELLED_DIRECTIVE, UNKNOWN_INPUT, TOO_LARGE, OVERRIDDEN_TWICE,
};
