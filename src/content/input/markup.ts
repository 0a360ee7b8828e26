import sanitizeHtml from 'sanitize-html'

/**
 * Takes HTML tags, comments and the content of scripts and styles out of a text; `a < b && c > d` stays as it is.
 * @param tags `html-only` leaves tags whose names HTML does not know: other programs mark their own parts so
 * @returns `null` when new tags keep appearing out of what is left: somebody nested them on purpose
 */
export function stripHtml(text: string, tags: 'all' | 'html-only' = 'all'): string | null {
  let rest = text
  // Four passes: honest text needs one, `<<b>script>` two. Each pass costs, so the number has to be small.
  for (let pass = 0; pass < 4; pass++) {
    const stripped = tags === 'all' ? stripOnce(rest) : stripKnown(rest)
    if (stripped === rest) return rest
    rest = stripped
  }
  return null
}

/** Does a tag, comment or declaration of HTML stand in the text? */
export function hasHtml(text: string): boolean {
  return text.search(knownTag) >= 0 // `test` would leave its place behind
}

// WHATWG HTML, index of elements, with the obsolete ones and the roots of SVG and MathML.
const elements =
  'a abbr acronym address animate applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button ' +
  'canvas caption center circle cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset ' +
  'figcaption figure font footer foreignobject form frame frameset g h[1-6] head header hgroup hr html i iframe image img input ins ' +
  'isindex kbd keygen label layer legend li line link listing main map mark marquee math menu meta meter nav nobr noembed noframes ' +
  'noscript object ol optgroup option output p param path picture plaintext polygon pre progress q rect rp rt ruby s samp script ' +
  'search section select set slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot ' +
  'th thead time title tr track tt u ul use var video wbr xmp'
const knownTag = new RegExp(`<(?:!--|!doctype|/?(?:${elements.replaceAll(' ', '|')})(?![\\w.:-]))`, 'gi')

// Another non-character, for the angle brackets that open nothing of HTML's.
const bracket = '\uFDD1'

function stripKnown(text: string): string {
  if (!hasHtml(text)) return text
  let marked = ''
  let at = 0
  for (const { index } of text.matchAll(knownTag)) {
    marked += text.slice(at, index).replaceAll('<', bracket) + '<'
    at = index + 1
  }
  return stripOnce(marked + text.slice(at).replaceAll('<', bracket)).replaceAll(bracket, '<')
}

// A non-character cannot be in the text (invisible.ts has taken them out), so it can stand for the ampersand.
const ampersand = '\uFDD0'

/** sanitize-html decodes and encodes entities; we want neither, or `&lt;b&gt;` would come out as a tag. */
function stripOnce(text: string): string {
  if (!text.includes('<')) return text
  const stripped = sanitizeHtml(text.replaceAll('&', ampersand), { allowedTags: [], allowedAttributes: {} })
  return stripped
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(ampersand, '&')
}

/**
 * Takes the signs of Markdown away and leaves the words: headings, quotes, emphasis, fences; of links and images the
 * text without the address. The source is CommonMark 0.31, the parts that draw attention or fetch something.
 */
export function stripMarkdown(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^ {0,3}(?:`{3,}|~{3,})/.test(line) && !/^ {0,3}\[[^\]]{1,200}\]:/.test(line))
    .map(stripLine)
    .join('\n')
}

function stripLine(line: string): string {
  return line
    .replace(/^ {0,3}(?:> ?){1,20}/, '')
    .replace(/^ {0,3}#{1,6}(?:[ \t]|$)/, '')
    // Neither brackets nor parentheses inside: each is looked at once, whatever was nested.
    .replace(/!?\[([^[\]]{0,1000})\](?:\([^()]{0,2000}\)|\[[^[\]]{0,200}\])/g, '$1')
    .replace(/\*\*|__|~~|`/g, '')
    .replace(/(?<![\p{L}\p{N}*])\*([^*\n]{1,500})\*(?![\p{L}\p{N}*])/gu, '$1')
    .replace(/(?<![\p{L}\p{N}_])_([^_\n]{1,500})_(?![\p{L}\p{N}_])/gu, '$1')
}
