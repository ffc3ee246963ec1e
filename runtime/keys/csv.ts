/**
 * API Gateway's API key file format (developer guide, "API Gateway API key file format"): columns Name and Key, and Description, Enabled and UsagePlanIds if wanted,
 * in any order and case; other columns are ignored. Absent values are empty, Enabled is true.
 */
export interface CsvKey {
  readonly line: number;
  readonly name: string;
  readonly key: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly usagePlanIds: readonly string[];
}

export interface CsvFault { readonly line: number; readonly problem: string }

export interface CsvKeys {
  readonly keys: readonly CsvKey[];
  /** Rows that are left out, and why. */
  readonly faults: readonly CsvFault[];
  /** Columns nobody knows. */
  readonly ignored: readonly string[];
}

const COLUMNS = ['name', 'key', 'description', 'enabled', 'usageplanids'];
const MOST_ROWS = 100_000;

/** A string says why the file is none. Values of keys are never part of a message. */
export function readKeysCsv(text: string): CsvKeys | string {
  const rows = parseCsv(text.replace(/^\uFEFF/, ''));
  if (typeof rows === 'string') return rows;
  const header = rows[0]?.fields.map((field) => field.trim().toLowerCase());
  if (header === undefined) return 'the file is empty';
  for (const column of ['name', 'key']) if (!header.includes(column)) return `the first line must name the columns, among them ${column === 'name' ? 'Name' : 'Key'}`;
  if (header.some((column, at) => COLUMNS.includes(column) && header.indexOf(column) !== at)) return 'the first line names a column twice';
  if (rows.length - 1 > MOST_ROWS) return `more than ${MOST_ROWS} keys`;
  const keys: CsvKey[] = [];
  const faults: CsvFault[] = [];
  const seen = new Map<string, number>();
  for (const { line, fields } of rows.slice(1)) {
    const value = (column: string): string => (header.includes(column) ? (fields[header.indexOf(column)] ?? '') : '').trim();
    const name = value('name'), key = value('key'), enabled = value('enabled').toLowerCase();
    const problem = fields.length > header.length ? 'has more fields than the first line'
      : name === '' ? 'has no Name' : name.length > 1_024 ? 'has a Name of more than 1024 characters' : key === '' ? 'has no Key'
      : enabled !== '' && enabled !== 'true' && enabled !== 'false' ? 'has an Enabled that is neither true nor false'
      : seen.has(key) ? `has the same Key as line ${seen.get(key)!}` : '';
    if (problem !== '') { faults.push({ line, problem }); continue; }
    seen.set(key, line);
    keys.push({ line, name, key, description: value('description'), enabled: enabled !== 'false', usagePlanIds: value('usageplanids').split(',').map((id) => id.trim()).filter((id) => id !== '') });
  }
  return { keys, faults, ignored: rows[0]!.fields.filter((field) => !COLUMNS.includes(field.trim().toLowerCase())) };
}

/** Fields may be quoted with `"` (RFC 4180) or `'`; a doubled quote stands for one. Empty lines are none. */
function parseCsv(text: string): { line: number; fields: string[] }[] | string {
  const rows: { line: number; fields: string[] }[] = [];
  let fields: string[] = [], line = 1, begin = 1, at = 0;
  const endRow = (): void => {
    if (fields.length > 1 || fields[0]!.trim() !== '') rows.push({ line: begin, fields });
    fields = [];
    begin = line;
  };
  while (at < text.length) {
    let start = at;
    while (text[start] === ' ' || text[start] === '\t') start++;
    const quote = text[start];
    if (quote === '"' || quote === "'") {
      let field = '';
      at = start + 1;
      for (;;) {
        const end = text.indexOf(quote, at);
        if (end < 0) return `line ${begin}: a quote is not closed`;
        field += text.slice(at, end);
        at = end + 1;
        if (text[at] !== quote) break;
        field += quote;
        at++;
      }
      line += field.split('\n').length - 1;
      fields.push(field);
      while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at++;
      if (at < text.length && text[at] !== ',' && text[at] !== '\n') return `line ${line}: there is text after a closing quote`;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
      fields.push(text.slice(at, end).replace(/\r$/, ''));
      at = end;
    }
    if (text[at] === ',') {
      at++;
      if (at === text.length) fields.push('');
      else if (text[at] === '\n') { /* an empty last field: read above in the next turn */ }
      continue;
    }
    if (text[at] === '\n') { at++; line++; endRow(); }
  }
  if (fields.length > 0) endRow();
  return rows;
}
