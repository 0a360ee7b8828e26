import { describe, expect, it } from 'vitest'
import { readSecurityAudit } from './security-audit.ts'

describe('readSecurityAudit', () => {
  it('reads the counts behind the warnings the program prints first', () => {
    const output = `[config] warnings: something\n{"ts":1,"summary":{"critical":1,"warn":2,"info":3},"findings":[{"checkId":"a","severity":"warn","title":"t","detail":"d"}]}`
    expect(readSecurityAudit(output)).toEqual({ critical: 1, warn: 2, info: 3, findings: [{ checkId: 'a', severity: 'warn', title: 't' }] })
  })

  it('takes no verdict for a clean one', () => {
    for (const output of ['', 'boom', '{"summary":{}}', '{"summary":{"critical":"0","warn":0,"info":0},"findings":[]}']) {
      expect(() => readSecurityAudit(output)).toThrow(/gave no verdict/)
    }
  })
})
