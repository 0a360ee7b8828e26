import { describe, expect, it } from 'vitest'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { redactJson } from './redact-json.ts'
import { Slot } from './slot.ts'

/** The secret, its first letter spelled as an escape, in so many JSON texts inside one another. */
function nested(levels: number): string {
  let text = `\\u0053${sampleSecret.slice(1)}`
  for (let i = 1; i < levels; i++) text = JSON.stringify({ a: text })
  return text
}

/** What a stream shows of a text that comes letter by letter. */
function streamed(kind: 'text' | 'json', text: string): string {
  const slot = new Slot(kind, fakeContent)
  let shown = ''
  let from = 0
  for (const [at] of [...text].entries()) {
    slot.append(text[at]!)
    slot.judge(at === text.length - 1)
    if (slot.decided > from) shown += slot.redacted(text.slice(from, slot.decided), from) ?? text.slice(from, slot.decided)
    from = slot.decided
  }
  return shown
}

describe('escapes inside escapes', () => {
  it.each([1, 2, 3])('are read in a whole answer, at level %i', (levels) => {
    const text = `{"x":"${levels === 1 ? nested(1) : JSON.stringify(nested(levels)).slice(1, -1)}"}`
    expect(JSON.parse(text)).toBeTruthy()
    const result = redactJson(text, fakeContent)
    expect(result).toMatchObject({ ok: true, found: 1 })
    expect(result.ok && result.text).not.toContain(sampleSecret.slice(1))
  })

  it.each([1, 2, 3])('are read in the arguments of a tool that come letter by letter, at level %i', (levels) => {
    const text = `{"x":${levels === 1 ? `"${nested(1)}"` : JSON.stringify(nested(levels))}}`
    const shown = streamed('json', text)
    expect(JSON.parse(shown)).toBeTruthy()
    expect(shown).not.toContain(sampleSecret.slice(1))
  })

  it.each([1, 2])('are read in a running text, at level %i', (levels) => {
    const shown = streamed('text', `see ${nested(levels)} there`)
    expect(shown).not.toContain(sampleSecret.slice(1))
    expect(shown).toMatch(/^see .* there$/)
  })

  it('leave a text alone that only has backslashes', () => {
    const text = 'C:\\temp\\new \\d+ \\\\u0041 \\'
    expect(streamed('text', text)).toBe(text)
  })
})
