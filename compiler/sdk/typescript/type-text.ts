/** Types of the model as TypeScript. */
import type { SdkProperty, SdkType, TypeNode } from '../model.js';
import { docComment, identifier, literal, propertyName, quote } from './text.js';

/** A type expression; `indent` is that of the line it starts on. */
export function typeText(node: TypeNode, indent = ''): string {
  switch (node.kind) {
    case 'unknown': case 'never': case 'null': case 'boolean': case 'number': case 'string': return node.kind;
    case 'void': return 'undefined';
    case 'binary': return node.sent ? 'core.BinaryBody' : 'core.Binary';
    case 'stream': return node.items ? `core.ItemStream<${typeText(node.items, indent)}>` : 'core.ByteStream';
    case 'literal': return node.value !== null && typeof node.value === 'object' ? 'unknown' : literal(node.value);
    case 'enum': return [...node.values.map(literal), node.base === 'string' ? 'core.OtherString' : 'core.OtherNumber'].join(' | ');
    case 'array': return `${grouped(node.items, indent)}[]`;
    case 'tuple': return `[${[...node.items.map((item) => typeText(item, indent)), ...(node.rest ? [`...${grouped(node.rest, indent)}[]`] : [])].join(', ')}]`;
    case 'object': return objectText(node.properties, node.additional, indent);
    case 'union': return node.members.map((member) => (member.kind === 'intersection' ? `(${typeText(member, indent)})` : typeText(member, indent))).join(' | ');
    case 'intersection': return node.members.map((member) => grouped(member, indent)).join(' & ');
    case 'discriminated': {
      const property = propertyName(node.property);
      const known = node.variants.map(({ tags, type, tagged }) => (tagged ? typeText(type, indent) : `(${grouped(type, indent)} & { ${property}: ${tags.map(quote).join(' | ')} })`));
      const other = node.base ? `(${grouped(node.base, indent)} & { ${property}: core.UnknownTag })` : `core.UnknownVariant<${quote(node.property)}>`;
      return [...known, other].join(' | ');
    }
    case 'reference': return identifier(node.name);
  }
}

function grouped(node: TypeNode, indent: string): string {
  const text = typeText(node, indent);
  return ['union', 'intersection', 'enum', 'discriminated'].includes(node.kind) ? `(${text})` : text;
}

function objectText(properties: readonly SdkProperty[], additional: TypeNode | undefined, indent: string): string {
  if (properties.length === 0) return additional ? `{ [key: string]: ${typeText(additional, indent)} }` : '{ [key: string]: never }';
  return `{\n${membersText(properties, additional, `${indent}  `)}${indent}}`;
}

function membersText(properties: readonly SdkProperty[], additional: TypeNode | undefined, indent: string): string {
  return properties.map((property) => propertyText(property, indent)).join('') + (additional ? `${indent}[key: string]: ${indexText(properties, additional, indent)};\n` : '');
}

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

export function propertyText({ name, type, required, readOnly, doc }: SdkProperty, indent: string): string {
  const text = typeText(type, indent);
  const optional = required || type.kind === 'unknown' ? '' : INHERITED.has(name) ? ' | core.Inherited | undefined' : ' | undefined';
  return `${docComment(doc, indent)}${indent}${readOnly ? 'readonly ' : ''}${propertyName(name)}${required ? '' : '?'}: ${text}${optional};\n`;
}

/** An index signature has to admit the named properties too. */
function indexText(properties: readonly SdkProperty[], additional: TypeNode, indent: string): string {
  const texts = new Set([additional, ...properties.map(({ type }) => type)].map((type) => grouped(type, indent)));
  if (texts.has('unknown')) return 'unknown';
  for (const { name, required } of properties) if (!required) texts.add('undefined').add(INHERITED.has(name) ? 'core.Inherited' : 'undefined');
  return [...texts].join(' | ');
}

/** The declaration of a named type. Objects become interfaces: they read better in messages and may refer to themselves. */
export function declarationText({ name, node, doc }: SdkType): string {
  const comment = docComment(doc);
  if (node.kind === 'object' && node.properties.length > 0) return `${comment}export interface ${identifier(name)} {\n${membersText(node.properties, node.additional, '  ')}}\n`;
  return `${comment}export type ${identifier(name)} = ${typeText(node)};\n`;
}
