import { HardshellError } from '../../base/index.ts'
import type { Finder, Span } from './spans.ts'

/** The beginning of a piece of HTML that may not stand in an answer. Without it what follows is text. */
export interface HtmlFinding extends Span {
  type: 'html'
}

// OpenClaw security hardening guide, step 6.
export const guideTags: readonly string[] = ['p', 'br', 'strong', 'em', 'ul', 'ol', 'li', 'code', 'pre']

// With these an allow list allows everything: they run, fetch or embed whatever they are given.
const neverTags = new Set([
  ...['script', 'style', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'base', 'link', 'meta'],
  ...['svg', 'math', 'template', 'noscript', 'plaintext', 'xmp'],
])

/** True for a tag that no list may allow. */
export function isNeverAllowed(tag: string): boolean {
  return neverTags.has(tag.toLowerCase())
}

// WHATWG HTML, 13.2.5.6 "Tag open state": nothing else behind a `<` is more than text. The name ends before a quote: an
// answer is looked through as the JSON text it came in, and what is taken out must not reach over the end of a string.
const opening = /<(?:[!?]|\/?(?<name>[a-zA-Z][a-zA-Z0-9-]{0,31})?)/g
// A tag of the list as it may stand: without attributes, which are where scripts and addresses hide.
const bareRest = /[ \t\n]{0,8}\/?>/y
// What may still become one: `<`, `</`, a name, and what `bareRest` lets stand before the `>`.
const unfinished = /<(?:\/?(?:[a-zA-Z][a-zA-Z0-9-]{0,31}[ \t\n]{0,8}\/?)?)?$/
const longest = '</'.length + 32 + 8 + '/'.length

/**
 * Finds the HTML of an answer that is not on an allow list, whole or in pieces. What is found is the `<` and the name
 * behind it: taken away, no browser sees a tag in the rest, however it goes on, and the text stays readable. Tags of
 * the list stay where they stand without attributes. It cannot be asked to judge attributes, nor to take the content of
 * an element: for HTML that is to be shown as such there is `OutputSanitizer`.
 * @param tags that may stay; default those of the guide
 * @throws HardshellError `content.bad-options` for a tag that would allow everything
 */
export function htmlFinder(tags: readonly string[] = guideTags): Finder<HtmlFinding> {
  const never = tags.find(isNeverAllowed)
  if (never !== undefined) {
    throw new HardshellError('content.bad-options', `a list of allowed HTML may not hold ${JSON.stringify(never)}`, {
      hint: 'leave it out: it would let through what the list is there to stop',
    })
  }
  const allowed = new Set(tags.map((tag) => tag.toLowerCase()))
  const isAllowed = (text: string, name: string | undefined, end: number): boolean => {
    if (name === undefined || !allowed.has(name.toLowerCase())) return false
    bareRest.lastIndex = end
    return bareRest.test(text)
  }
  return {
    find(text, from = 0) {
      const found: HtmlFinding[] = []
      opening.lastIndex = from
      for (let match = opening.exec(text); match; match = opening.exec(text)) {
        const [piece] = match
        if (piece === '<' || isAllowed(text, match.groups!.name, opening.lastIndex)) continue
        found.push({ type: 'html', start: match.index, end: opening.lastIndex })
      }
      return found
    },
    pending(text) {
      const tail = text.slice(-longest)
      return tail.includes('<') ? (unfinished.exec(tail)?.[0].length ?? 0) : 0
    },
    lookBehind: 0,
  }
}
