import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { apparmorPath, composeText, shellWord, unitArgument, unitPath, unitText } from './quoting.ts'

// Everything a folder can be named on Linux but control characters, with what each syntax minds put in often.
const special = fc.constantFrom(...' %$"\'\\:;#{}[]*?^@,=~!&|<>()`')
const name = fc.string({ unit: fc.oneof(special, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), maxLength: 40 }).filter((text) => !/[\u0000-\u001f\u007f]/.test(text))

/** systemd's reader of quoted words, as its manual describes it: escapes within quotes, then specifiers. */
function readUnitWords(line: string): string[] {
  const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map((match) => match[1]!)
  return words.map((word) => word.replaceAll(/\\(.)/gs, '$1').replaceAll('%%', '%'))
}

describe('a value in a unit', () => {
  it('is read back as it was, whatever stands in it', () => {
    fc.assert(fc.property(fc.array(name, { minLength: 1 }), (words) => {
      expect(readUnitWords(words.map(unitArgument).join(' '))).toEqual(words)
    }))
  })

  it('leaves no specifier for systemd to expand', () => {
    fc.assert(fc.property(name, (text) => {
      expect(unitArgument(text).replaceAll('%%', '')).not.toContain('%')
    }))
    expect(unitText('/srv/100%/h')).toBe('/srv/100%%/h')
  })

  it('parts no path from itself at a colon', () => {
    expect(unitPath('/srv/a:b c')).toBe(String.raw`"/srv/a\\:b c"`)
  })

  it.each(['/srv/a\nExecStartPre=/bin/evil', '/srv/\0', '/srv/\u007f', '/srv/\ttab'])('with a control character is refused: %j', (path) => {
    for (const write of [unitArgument, unitPath, unitText, apparmorPath]) expect(() => write(path)).toThrow(expect.objectContaining({ code: 'profiles.unwritable' }))
  })
})

describe('a path in an AppArmor rule', () => {
  it('holds no pattern and no variable that is not escaped', () => {
    fc.assert(
      fc.property(name, (text) => {
        const written = apparmorPath(text)
        const bare = written.slice(1, -1).replaceAll(/\\./gs, '')
        expect(bare).not.toMatch(/["\\*?[\]{}^]/)
        expect(written.slice(1, -1).replaceAll(/\\(.)/gs, '$1')).toBe(text)
      }),
    )
  })
})

describe('a word of a shell', () => {
  it('is one word with the same letters to a real shell, line breaks included', () => {
    const any = fc.string({ unit: fc.oneof(special, fc.constant('\n'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), maxLength: 30 }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 20 }), (words) => {
        const said = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' })
        expect(said).toBe(words.map((word) => `${word}\0`).join(''))
      }),
      { numRuns: 50 },
    )
  })
})

describe('a text in a Compose file', () => {
  it('begins no variable and is read back as it was', () => {
    const interpolated = (text: string): string => text.replaceAll(/\$(\$|\{[^}]*\}|\w+)/g, (_, what: string) => (what === '$' ? '$' : 'EXPANDED'))
    fc.assert(fc.property(fc.string(), (text) => {
      expect(interpolated(parse(stringify({ a: composeText(text) }))['a'] as string)).toBe(text)
    }))
  })
})
