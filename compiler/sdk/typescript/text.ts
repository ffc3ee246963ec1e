/** The only ways in which words of a document get into TypeScript: as a literal, as a comment, as a checked identifier. */
import type { Json, SdkDoc } from '../model.js';

/** Control characters, line separators, and the marks that reorder text on a screen (CVE-2021-42574). */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
/** One line in which nothing has to be replaced: most descriptions. */
const PLAIN = /^(?![ ]*@)[ !-)+-.0-~]*$/;
const IDENTIFIER = /^[\p{L}_$][\p{L}\p{Nd}\p{Mn}\p{Mc}_$]*$/u;
/** Most names and paths: nothing in it has to be escaped. */
const PLAIN_STRING = /^[\w $\-./@{}()'=,:]*$/;
const PLAIN_PROPERTY = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A string literal in double quotes. */
export function quote(text: string): string {
  if (PLAIN_STRING.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(INVISIBLE, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')).replace(/<(?=\/script|!--)/gi, '\\u003c');
}

/** The literal of a JSON value. */
export function literal(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item as Json)).join(', ')}]`;
  const entries = Object.entries(value);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, item]) => `${objectKey(key)}: ${literal(item)}`).join(', ')} }`;
}

/** A key of an object literal: `__proto__` would set the prototype unless it is computed. */
export function objectKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : propertyName(name);
}

/** A property in a type. */
export function propertyName(name: string): string {
  return PLAIN_PROPERTY.test(name) ? name : quote(name);
}

/** A name that the model made. Anything else is a fault of ours, not of the document. */
export function identifier(name: string): string {
  if (!PLAIN_PROPERTY.test(name) && !IDENTIFIER.test(name)) throw new Error(`not an identifier: ${JSON.stringify(name)}`);
  return name;
}

/** Text inside a comment or a line of Markdown: cannot end the comment, hides nothing, starts no tag of its own. */
export function harmless(text: string): string {
  if (PLAIN.test(text)) return text.trim();
  return text.replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n').replace(/\t/g, '  ').split('\n').map((line) => line.replace(INVISIBLE, '').replace(/\*\//g, '*\\/').replace(/<\/(?=script)/gi, '<\\/').replace(/^(\s*)@/, '$1\\@').trimEnd()).join('\n').trim();
}

/** On one line. */
export function oneLine(text: string): string {
  return harmless(text).replace(/\s*\n\s*/g, ' ');
}

/** A documentation comment with a line break at its end; '' when there is nothing to say. `tags` are ours. */
export function docComment(doc: SdkDoc, indent = '', tags: readonly string[] = []): string {
  const lines = [
    ...(doc.text ? harmless(doc.text).split('\n') : []),
    ...doc.notes.map(oneLine),
    ...tags,
    ...(doc.deprecated ? ['@deprecated'] : []),
  ];
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} *${line ? ` ${line}` : ''}\n`).join('')}${indent} */\n`;
}
