/** `$input` and `$util` as values: for templates that assign or pass them around, and for the interpreter. */
import { inputJsonOf, inputParam, inputPathOf } from './input.js';
import type { TemplateInput } from './input.js';
import { base64Decode, base64Encode, escapeJavaScript, parseJson, urlDecode, urlEncode } from './util-functions.js';
import { JavaSpecial } from './values.js';
import type { Value } from './values.js';

export class InputObject extends JavaSpecial {
  override readonly className: string = 'com.amazonaws.Input';
  constructor(private readonly input: TemplateInput) { super(); }
  override text(): null { return null; }
  override property(name: string): Value { return name === 'body' ? this.input.body : null; }
  override call(name: string, args: readonly Value[]): Value {
    switch (name) {
      case 'path': return args.length === 1 ? inputPathOf(this.input, args[0]!) : null;
      case 'json': return args.length === 1 ? inputJsonOf(this.input, args[0]!) : null;
      case 'params': return args.length === 0 ? this.input.params() : args.length === 1 ? inputParam(this.input, args[0]!) : null;
      case 'getBody': return args.length === 0 ? this.input.body : null;
      default: return super.call(name, args);
    }
  }
}

export class UtilObject extends JavaSpecial {
  override readonly className: string = 'com.amazonaws.Util';
  constructor(private readonly input: TemplateInput) { super(); }
  override text(): null { return null; }
  override call(name: string, args: readonly Value[]): Value {
    if (args.length !== 1) return super.call(name, args);
    const [value] = args as [Value];
    switch (name) {
      case 'escapeJavaScript': return escapeJavaScript(value);
      case 'parseJson': return parseJson(value, this.input.lists);
      case 'urlEncode': return urlEncode(value);
      case 'urlDecode': return urlDecode(value);
      case 'base64Encode': return base64Encode(value);
      case 'base64Decode': return base64Decode(value);
      default: return super.call(name, args);
    }
  }
}
