import { HardshellError, nearest } from '../../base/index.ts'

/**
 * Refuses options nobody reads: a misspelt `allowHtml` would otherwise silently keep its default.
 * @throws HardshellError `content.bad-options` with the nearest name that exists
 */
export function onlyKnown(owner: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    // The Python guide writes max_length: its own spelling in TypeScript is the likeliest thing that was meant.
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const meant = known.includes(camel) ? camel : nearest(name, known)
    throw new HardshellError('content.bad-options', `${owner}: unknown option ${JSON.stringify(name)}`, {
      hint: meant ? `did you mean ${meant}?` : `options are ${known.join(', ')}`,
    })
  }
}
