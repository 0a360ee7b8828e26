import sanitizeHtml from 'sanitize-html'

/**
 * Takes HTML tags, comments and the content of scripts and styles out of a text; `a < b && c > d` stays as it is.
 * @returns `null` when new tags keep appearing out of what is left: somebody nested them on purpose
 */
export function stripHtml(text: string): string | null {
  let rest = text
  // Four passes: honest text needs one, `<<b>script>` two. Each pass costs, so the number has to be small.
  for (let pass = 0; pass < 4; pass++) {
    const stripped = stripOnce(rest)
    if (stripped === rest) return rest
    rest = stripped
  }
  return null
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
