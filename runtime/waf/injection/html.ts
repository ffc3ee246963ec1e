/**
 * Cross-site scripting: would the text, put into a page between tags or into an attribute's value, run something? Tags are found as HTML's tokeniser finds them (WHATWG HTML §13.2.5), then elements, attributes
 * and URLs that run or load something decide.
 */
const MOST_BYTES = 65_536;

/** Elements that load, run or restyle something by being there. */
const ELEMENTS = /* @__PURE__ */ new Set(['script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'meta', 'base', 'link', 'style', 'svg', 'math', 'xml', 'xss', 'import', 'isindex', 'listener', 'handler', 'noscript', 'noembed', 'vmlframe', 'comment', 'portal', 'template', 'foreignobject', 'animate', 'set', 'xsl']);
/** Attributes that hold URLs. */
const URLS = /* @__PURE__ */ new Set(['href', 'src', 'action', 'formaction', 'data', 'poster', 'background', 'dynsrc', 'lowsrc', 'codebase', 'xlink:href', 'to', 'from', 'values', 'by', 'srcdoc', 'folder', 'manifest', 'code', 'archive', 'cite', 'ping', 'longdesc']);
/** Attributes that are dangerous whatever they hold. */
const ATTRIBUTES = /^(?:on[a-z]{2,}|style|xmlns(?::.*)?|xlink:.*|filter|fscommand|seeksegmenttime|datasrc|dataformatas|datafld|srcdoc|formaction)$/;

/** What opens what: the page, or an attribute's value without quotes, in single, double or back quotes. */
const CONTEXTS = ['', ' ', "'", '"', '`'] as const;

export function isCrossSiteScripting(text: string): boolean {
  const looked = text.length > MOST_BYTES ? text.slice(0, MOST_BYTES) : text;
  // Without any of them there is neither a tag nor an attribute.
  if (!/[<=>:]/.test(looked)) return false;
  return CONTEXTS.some((context) => runs(looked, context));
}

function runs(text: string, context: (typeof CONTEXTS)[number]): boolean {
  if (context === '') return tagsRun(text, 0);
  // The value ends, and further attributes or tags follow.
  const end = context === ' ' ? text.search(/[\s>/]/) : text.indexOf(context);
  const value = end < 0 ? text : text.slice(0, end);
  // As the whole of an attribute's value.
  if (context === ' ' && /^(?:(?:java|vb)script:\S*[(`=]|data:text\/html)/i.test(value) && urlRuns(value)) return true;
  if (end < 0) return false;
  const { isDangerous, at } = attributesRun(text, context === ' ' ? end : end + 1, context === ' ');
  return isDangerous || tagsRun(text, at);
}

/** Every tag, comment and declaration from `from` on. */
function tagsRun(text: string, from: number): boolean {
  let at = text.indexOf('<', from);
  while (at >= 0) {
    COMMENT.lastIndex = at;
    const comment = COMMENT.exec(text);
    if (comment) {
      if (/`|^\s*\[if|^\s*xml|^\s*(?:import|entity)\b/i.test(comment[1] ?? '')) return true;
      at = text.indexOf('<', at + comment[0].length);
      continue;
    }
    if (/^<!(?:doctype|entity|\[cdata)/i.test(text.slice(at, at + 10))) return true;
    if (/^<[!?%]/.test(text.slice(at, at + 2))) {
      if (/^<[?](?:xml|import)/i.test(text.slice(at, at + 9))) return true;
      at = text.indexOf('<', at + 2);
      continue;
    }
    const name = /^<\/?([A-Za-z][^\s/>]*)/.exec(text.slice(at, at + 200));
    if (!name) { at = text.indexOf('<', at + 1); continue; }
    const element = name[1]!.replace(/\0/g, '').toLowerCase();
    const isEnd = text[at + 1] === '/';
    if (!isEnd && (ELEMENTS.has(element) || /^(?:svg|xsl|math)\b|:(?:script|svg)$|^x?html:script$/.test(element))) return true;
    const { isDangerous, at: behind } = attributesRun(text, at + name[0].length);
    if (!isEnd && isDangerous) return true;
    at = text.indexOf('<', Math.max(behind - 1, at + 1));
  }
  return false;
}

/** Attributes from `from` to the end of their tag. `isProse`: nothing says yet that there is a tag. */
function attributesRun(text: string, from: number, isProse = false): { isDangerous: boolean; at: number } {
  let at = from;
  while (at < text.length) {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(text)![0].length;
    if (text[at] === '>') return { isDangerous: false, at: at + 1 };
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[0] ?? '';
    if (name === '') { at++; continue; }
    at += name.length;
    EQUALS.lastIndex = at;
    const equals = EQUALS.exec(text);
    const lower = name.replace(/\0/g, '').toLowerCase();
    if (!equals) continue;
    at += equals[0].length;
    const quote = text[at];
    let value: string;
    if (quote === '"' || quote === "'" || quote === '`') {
      const end = text.indexOf(quote, at + 1);
      value = text.slice(at + 1, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end + 1;
    } else {
      PLAIN.lastIndex = at;
      value = PLAIN.exec(text)![0];
      at += value.length;
    }
    if (ATTRIBUTES.test(lower) && (!isProse || lower.startsWith('on') || value.includes(':'))) return { isDangerous: true, at };
    if (URLS.has(lower) && urlRuns(value)) return { isDangerous: true, at };
  }
  return { isDangerous: false, at };
}

/** `<!-->` and `<!--->` are whole ones. */
const COMMENT = /<!--(?:-?>|([^]*?)(?:--!?>|$))/y;
const BLANKS = /[\s/\0]*/y;
const NAME = /[^\s/>=][^\s/>=]*/y;
const EQUALS = /[\s\0]*=[\s\0]*/y;
const PLAIN = /[^\s>]*/y;

/** Schemes that run what follows, however they are written. */
function urlRuns(value: string): boolean {
  const decoded = value.replace(/&#(?:x([0-9A-Fa-f]{1,7})|([0-9]{1,8}));?|&(tab|newline|colon);/gi, (_, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return name.toLowerCase() === 'colon' ? ':' : '';
    const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
    return code < 256 ? String.fromCharCode(code) : '';
  }).replace(/^[\0-\x20\x7f-\xff]+|[\0\t\r\n]/g, '');
  return /^(?:javascript|vbscript|livescript|mocha|view-source|data)\s*:/i.test(decoded);
}
