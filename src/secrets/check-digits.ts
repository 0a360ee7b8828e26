import { checkDigits } from '../base/index.ts'

/**
 * Tokens of GitHub and npm end in check digits of what stands before them.
 * @returns false when the value has such digits and they are wrong: it was mistyped, cut, or is an example.
 *   `null`: it is no such token
 */
export function checkDigitsFit(value: string): boolean | null {
  const [, random, digits] = /^(?:gh[pousr]|npm)_([A-Za-z0-9]{30})([A-Za-z0-9]{6})$/.exec(value) ?? []
  return random === undefined ? null : checkDigits(random) === digits
}
