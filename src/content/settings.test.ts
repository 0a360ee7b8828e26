import { describe, expect, it } from 'vitest'
import { contentSettings } from './settings.ts'

function faultsOf(pattern: string): string[] {
  const parsed = contentSettings.safeParse({ input: { blocked_patterns: [pattern] } })
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message)
}

describe('content.input.blocked_patterns', () => {
  it('takes what the linear engine takes', () => {
    expect(faultsOf('ignore (all )?(previous|prior) instructions')).toEqual([])
    expect(faultsOf('(a+)+$')).toEqual([])
  })

  it.each(['(?=x)y', '(?<!x)y', '(a)\\1', '(unclosed'])('refuses %s when the configuration is read, and says why', (pattern) => {
    const [fault] = faultsOf(pattern)
    expect(fault).toContain(`blocked pattern ${JSON.stringify(pattern)}: `)
    expect(fault).toContain('patterns are RE2: look-around and back-references do not exist there')
  })
})
