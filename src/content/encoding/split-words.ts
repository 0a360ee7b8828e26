/**
 * Puts the spaces back into letters that were written without: `ignoreallprevious` becomes `ignore all previous`.
 * Only runs that no single word reaches are split, by the longest known word at each place.
 */
export function splitWords(text: string, origin: readonly number[]): { text: string; origin: number[] } {
  const split = { text: '', origin: [] as number[] }
  let at = 0
  for (const word of text.matchAll(/[a-z]{24,}/gi)) {
    while (at < word.index) keep(split, text, origin, at++)
    while (at < word.index + word[0].length) {
      const length = knownAt(text, at)
      const glued = split.text !== '' && !split.text.endsWith(' ')
      // Letters that belong to no known word stay together.
      if (length > 0 && glued) space(split, origin[at]!)
      for (let i = Math.max(1, length); i > 0; i--) keep(split, text, origin, at++)
      if (length > 0) space(split, origin[at]!)
    }
  }
  while (at < text.length) keep(split, text, origin, at++)
  split.origin.push(origin[text.length]!)
  return split
}

function keep(split: { text: string; origin: number[] }, text: string, origin: readonly number[], at: number): void {
  split.text += text[at]!
  split.origin.push(origin[at]!)
}

function space(split: { text: string; origin: number[] }, place: number): void {
  split.text += ' '
  split.origin.push(place)
}

function knownAt(text: string, at: number): number {
  for (let length = Math.min(longest, text.length - at); length > 1; length--) {
    if (known.has(text.slice(at, at + length).toLowerCase())) return length
  }
  return 0
}

// Words instructions are made of. Single letters are left out: they would cut every other word apart.
const known = new Set(
  (
    'about above access act admin administrator after agent all also always an and any anything api approval as ask ' +
    'assistant at bank be before below bypass call can card change code command commands content contents convert ' +
    'could credential credentials data database date dates delete developer direct directly disable discard disclose ' +
    'disregard display do document documents does email emails erase every everything execute export expose extract ' +
    'file files filter filters follow following for forget forward from give guidelines hidden hide how if ignore in ' +
    'include information instead instruction instructions internal into is it its key keys last list load mail me ' +
    'memory message messages mode must my never new next no not now of on only open or order out output override ' +
    'page password passwords permanently please post previous print prior private prompt prompts provide read record ' +
    'records refuse remember remove repeat reply report request respond response restrictions reveal rule rules run ' +
    'safety search secret secrets security send server show silently summarize system task tell that the them then ' +
    'these they this to token tokens tool tools transfer unrestricted upload use user users using value values was ' +
    'what when where which while who will with without write you your'
  ).split(' '),
)
const longest = Math.max(...[...known].map((word) => word.length))
