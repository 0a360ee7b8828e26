// What is remembered of them together, in characters; the oldest go first.
const maxChars = 4_194_304

/**
 * Messages that were refused before an agent read them. OpenClaw keeps some of them in the transcript all the same
 * (WebChat writes it down before anybody is asked), and sends them to the model with the next turn: there they are left
 * out. In memory only: what an earlier guard refused is judged by the rules for requests again.
 */
export class RefusedMessages {
  #texts: string[] = []
  #chars = 0

  add(text: string): void {
    const words = text.trim()
    if (words === '' || words.length > maxChars || this.#texts.includes(words)) return
    this.#texts.push(words)
    this.#chars += words.length
    while (this.#chars > maxChars) this.#chars -= this.#texts.shift()!.length
  }

  /** @returns the very same string when none of them stands in it */
  without(text: string): string {
    let rest = text
    for (const refused of this.#texts) {
      for (let at = rest.indexOf(refused); at !== -1; at = rest.indexOf(refused, at + 1)) {
        if (refused.length < unmistakable && !standsAlone(rest, at, at + refused.length)) continue
        rest = rest.slice(0, at) + leftOut + rest.slice(at + refused.length)
      }
    }
    return rest
  }
}

// So much nobody says by chance, wherever it stands: parts of one message come joined, without a sign between them.
const unmistakable = 40

const leftOut = '[a message that Hardshell refused]'

/** As a message of its own: behind the time OpenClaw puts in front of it, or a line. A word in a sentence is none. */
function standsAlone(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start)
  return (before === '' || before === '] ' || before.endsWith('\n')) && (end === text.length || text[end] === '\n')
}
