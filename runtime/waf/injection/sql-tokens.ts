/** A text as SQL would read it, of any dialect: kinds of tokens, one character each. Reads each byte once. */

/**
 * s text in quotes · 1 number · v variable · n name · k word of SQL · U union, except, intersect · E select, insert, update, delete and their like · T words that begin a command · B group by, order by,
 * having, limit · f function that is worth calling · t type · A collate · o operator · & and, or, xor, not · c comment · C comment that MySQL runs · ( ) { } , ; . \
 */
export interface SqlTokens {
  readonly kinds: string;
  /** What stands in each, as it was written. */
  readonly texts: readonly string[];
  /** The text that it began in was closed. */
  readonly isClosed: boolean;
}

const KINDS = [
  ['U', 'union except intersect minus'],
  ['E', 'select insert update delete replace merge truncate'],
  ['T', 'drop create alter grant revoke exec execute declare shutdown waitfor backup restore call handler load prepare deallocate begin commit rollback set use if while copy attach'],
  ['B', 'having limit offset fetch procedure'],
  ['&', 'and or xor not'],
  ['o', 'like rlike ilike regexp sounds between is in div mod similar glob'],
  ['A', 'collate'],
  ['k', 'from where into values table database schema all distinct top as join inner outer cross natural on using case when then else end by asc desc exists null true false outfile dumpfile infile view column any some returning with for to delay time'],
  ['t', 'int integer varchar nvarchar char text date binary signed unsigned decimal numeric float real boolean bigint'],
  ['f', `sleep benchmark pg_sleep version database user current_user session_user system_user schema load_file char chr ascii ord hex unhex concat concat_ws group_concat substring substr mid left right length len count sum max min avg cast convert extractvalue updatexml
    xmltype name_const exp floor rand ifnull isnull nullif iif coalesce if md5 sha1 password lower upper reverse replace truncate make_set elt field find_in_set locate instr position quote bin conv current_setting pg_read_file lo_import lo_export query_to_xml dbms_pipe utl_http
    utl_inaddr xp_cmdshell sp_executesql openrowset opendatasource openquery sqlite_version load_extension randomblob row_number json_extract year now sysdate getdate curdate is_srvrolemember has_dbaccess object_id db_name host_name user_name suser_name encode decode to_char regexp_like`],
] as const;
const WORDS = /* @__PURE__ */ wordsByKind();
/** Words that are functions where they are called. */
const CALLED = /* @__PURE__ */ new Set(['char', 'if', 'database', 'schema', 'replace', 'left', 'right', 'insert', 'truncate', 'count', 'time', 'date', 'mod', 'values', 'exists']);
const MOST_TOKENS = 4000;

/** Of a word in several lists the last one counts, but that it may be a function only where nothing else is said. */
function wordsByKind(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [kind, words] of KINDS) for (const word of words.split(/\s+/)) if (!found.has(word) || kind !== 'f') found.set(word, kind);
  return found;
}

/** `quote`: the text in whose quotes the whole begins; '' where it begins outside of any. */
export function sqlTokens(text: string, quote: '' | "'" | '"'): SqlTokens {
  let kinds = '', at = 0, isClosed = false;
  const texts: string[] = [];
  const push = (kind: string, end: number): void => { kinds += kind; texts.push(text.slice(at, end)); at = end; };
  if (quote !== '') {
    const end = endOfText(text, 0, quote);
    isClosed = end <= text.length;
    push('s', Math.min(end, text.length));
  }
  while (at < text.length && kinds.length < MOST_TOKENS) {
    const c = text[at]!;
    const unit = text.charCodeAt(at);
    if (unit <= 32 || unit === 0xa0) { at++; continue; }
    if (c === "'" || c === '"') { push('s', Math.min(endOfText(text, at + 1, c), text.length)); continue; }
    if (c === '`') { const end = text.indexOf('`', at + 1); push('n', end < 0 ? text.length : end + 1); continue; }
    if (c === '-' && text[at + 1] === '-') { push('c', endOfLine(text, at)); continue; }
    if (c === '#') { push('c', endOfLine(text, at)); continue; }
    if (c === '/' && text[at + 1] === '*') {
      if (text[at + 2] === '!') { push('C', at + 3 + /^\d{0,6}/.exec(text.slice(at + 3, at + 9))![0].length); continue; }
      const end = text.indexOf('*/', at + 2);
      // One that is closed is a blank.
      if (end >= 0) { at = end + 2; continue; }
      push('c', text.length);
      continue;
    }
    if (c === '*' && text[at + 1] === '/') { at += 2; continue; }
    if ((unit >= 48 && unit <= 57) || (c === '.' && isDigit(text.charCodeAt(at + 1)))) {
      NUMBER.lastIndex = at;
      push('1', at + NUMBER.exec(text)![0].length);
      continue;
    }
    if (c === '@') { VARIABLE.lastIndex = at; push('v', at + VARIABLE.exec(text)![0].length); continue; }
    if (isWordUnit(unit)) {
      WORD.lastIndex = at;
      const word = WORD.exec(text)![0];
      const lower = word.toLowerCase();
      // N'…', x'…', _utf8'…', q'…'
      if (/^(?:n|x|b|e|u&?|q|_\w+)$/.test(lower) && text[at + word.length] === "'") { at += word.length; continue; }
      CALL.lastIndex = at + word.length;
      const isCalled = CALL.test(text);
      const by = lower === 'group' || lower === 'order' ? /^\s{1,20}by\b/i.exec(text.slice(at + word.length, at + word.length + 24)) : null;
      if (by) { push('B', at + word.length + by[0].length); continue; }
      const known = isCalled && CALLED.has(lower) ? 'f' : WORDS.get(lower);
      push(known === 'f' && !isCalled && !/^(?:current_user|user|session_user|system_user|xp_cmdshell|sp_executesql|openrowset)$/.test(lower) ? 'n' : known ?? 'n', at + word.length);
      continue;
    }
    if ('(){},;\\.'.includes(c)) { push(c, at + 1); continue; }
    const two = text.slice(at, at + 2);
    if (two === '&&' || two === '||') { push('&', at + 2); continue; }
    if ('=<>!+-*/%^|&~:'.includes(c)) { OPERATOR.lastIndex = at; push('o', at + OPERATOR.exec(text)![0].length); continue; }
    push('?', at + 1);
  }
  return { kinds, texts, isClosed };
}

const NUMBER = /(?:0[xX][0-9A-Fa-f]+|0[bB][01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const VARIABLE = /@+(?:`[^`]*`|[\w.$]*)/y;
const WORD = /[\w$\x80-\uffff]+/y;
const CALL = /\s*\(/y;
const OPERATOR = /<=>|[<>!:=]=|<>|[=<>!+\-*/%^|&~:]/y;

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
const isWordUnit = (unit: number): boolean => (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || unit === 36 || unit >= 0x80;

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at + 1;
}

/** Behind the quote that closes; beyond the text where none does. */
function endOfText(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return text.length + 1;
}
