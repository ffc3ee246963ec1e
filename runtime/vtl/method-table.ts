/** Which methods each class of objects has: for the compiler, which imports single implementations, and for the interpreter. */
import * as m from './methods.js';
import type { Method, Methods } from './invoke.js';
import type { Kind } from './values.js';

const LIST = {
  size: m.listSize, isEmpty: m.listIsEmpty, get: m.listGet, set: m.listSet, add: m.listAdd, addAll: m.listAddAll, remove: m.listRemove, removeAll: m.listRemoveAll,
  retainAll: m.listRetainAll, clear: m.listClear, contains: m.listContains, containsAll: m.listContainsAll, indexOf: m.listIndexOf, lastIndexOf: m.listLastIndexOf,
  subList: m.listSubList, iterator: m.listIterator, listIterator: m.listIterator, toArray: m.listToArray,
};

const NUMBER = {
  intValue: m.numberIntValue, longValue: m.numberLongValue, shortValue: m.numberShortValue, byteValue: m.numberByteValue, doubleValue: m.numberDoubleValue,
  floatValue: m.numberFloatValue, compareTo: m.numberCompareTo,
};

const STATIC_NUMBER = { compare: m.numberCompare, max: m.numberMax, min: m.numberMin, sum: m.numberSum };

const BIG = { ...NUMBER, add: m.bigAdd, subtract: m.bigSubtract, multiply: m.bigMultiply, negate: m.bigNegate, abs: m.bigAbs, signum: m.bigSignum };

/** Methods every object has. */
export const ANY_METHODS: { readonly [name: string]: Method } = { toString: m.objectToString, equals: m.objectEquals, hashCode: m.objectHashCode, getClass: m.objectGetClass };

export const METHOD_TABLE: { readonly [kind in Kind]?: { readonly [name: string]: Method } } = {
  string: {
    length: m.stringLength, isEmpty: m.stringIsEmpty, isBlank: m.stringIsBlank, contains: m.stringContains, startsWith: m.stringStartsWith, endsWith: m.stringEndsWith,
    indexOf: m.stringIndexOf, lastIndexOf: m.stringLastIndexOf, substring: m.stringSubstring, subSequence: m.stringSubstring, toLowerCase: m.stringToLowerCase,
    toUpperCase: m.stringToUpperCase, trim: m.stringTrim, strip: m.stringStrip, equalsIgnoreCase: m.stringEqualsIgnoreCase, compareTo: m.stringCompareTo,
    compareToIgnoreCase: m.stringCompareToIgnoreCase, replace: m.stringReplace, replaceAll: m.stringReplaceAll, replaceFirst: m.stringReplaceFirst,
    matches: m.stringMatches, split: m.stringSplit, charAt: m.stringCharAt, codePointAt: m.stringCodePointAt, concat: m.stringConcat, intern: m.stringIntern,
    repeat: m.stringRepeat, getBytes: m.stringGetBytes, toCharArray: m.stringToCharArray, format: m.stringFormat, valueOf: m.stringValueOf, join: m.stringJoin,
    contentEquals: m.stringContentEquals, hashCode: m.stringHashCode, toString: m.stringToString,
  },
  integer: {
    ...NUMBER, ...STATIC_NUMBER, parseInt: m.integerParseInt, valueOf: m.integerValueOf, toString: m.integerToString, toHexString: m.integerToHexString,
    toBinaryString: m.integerToBinaryString, toOctalString: m.integerToOctalString, signum: m.integerSignum, reverse: m.integerReverse, bitCount: m.integerBitCount,
  },
  long: { ...NUMBER, ...STATIC_NUMBER, parseLong: m.longParseLong, valueOf: m.longValueOf, toHexString: m.longToHexString, toBinaryString: m.longToBinaryString },
  double: { ...NUMBER, ...STATIC_NUMBER, parseDouble: m.doubleParseDouble, valueOf: m.doubleValueOf, isNaN: m.doubleIsNaN, isInfinite: m.doubleIsInfinite },
  float: { ...NUMBER, isNaN: m.doubleIsNaN, isInfinite: m.doubleIsInfinite },
  bigInteger: BIG,
  decimal: { ...BIG, toPlainString: m.decimalToPlainString, scale: m.decimalScale },
  boolean: {
    booleanValue: m.booleanBooleanValue, parseBoolean: m.booleanParseBoolean, valueOf: m.booleanValueOf, compareTo: m.booleanCompareTo, logicalAnd: m.booleanLogicalAnd,
    logicalOr: m.booleanLogicalOr, toString: m.booleanToString,
  },
  character: {
    charValue: m.characterCharValue, compareTo: m.characterCompareTo, isDigit: m.characterIsDigit, isLetter: m.characterIsLetter, isLetterOrDigit: m.characterIsLetterOrDigit,
    isUpperCase: m.characterIsUpperCase, isLowerCase: m.characterIsLowerCase, isWhitespace: m.characterIsWhitespace,
  },
  list: { ...LIST, clone: m.listClone, toJSONString: m.listToJSONString },
  array: LIST,
  map: {
    get: m.mapGet, getOrDefault: m.mapGetOrDefault, put: m.mapPut, putIfAbsent: m.mapPutIfAbsent, putAll: m.mapPutAll, remove: m.mapRemove, containsKey: m.mapContainsKey,
    containsValue: m.mapContainsValue, keySet: m.mapKeySet, values: m.mapValues, entrySet: m.mapEntrySet, size: m.mapSize, isEmpty: m.mapIsEmpty, clear: m.mapClear, clone: m.mapClone,
  },
  view: {
    size: m.viewSize, isEmpty: m.viewIsEmpty, iterator: m.viewIterator, toArray: m.viewToArray, contains: m.viewContains, containsAll: m.viewContainsAll, remove: m.viewRemove,
    clear: m.viewClear, add: m.viewAdd,
  },
  entry: { getKey: m.entryGetKey, getValue: m.entryGetValue, setValue: m.entrySetValue },
  iterator: { hasNext: m.iteratorHasNext, next: m.iteratorNext },
  class: { getName: m.classGetName, toString: m.classNothing, equals: m.classNothing, hashCode: m.classNothing, getClass: m.classNothing },
};

/** The implementations of `name`; an empty table when no class has it. */
export function methodsNamed(name: string): Methods {
  const table: { [kind in Kind | 'any']?: Method } = {};
  for (const kind of Object.keys(METHOD_TABLE) as Kind[]) {
    const ofKind = METHOD_TABLE[kind]!;
    if (Object.hasOwn(ofKind, name)) table[kind] = ofKind[name]!;
  }
  if (Object.hasOwn(ANY_METHODS, name)) table.any = ANY_METHODS[name]!;
  return table;
}
