import { HardshellError } from '../base/index.ts'

/** OpenClaw's own verdict on its configuration: an independent judge of our work. */
export interface SecurityAudit {
  critical: number
  warn: number
  info: number
  findings: readonly { checkId: string; severity: string; title: string }[]
}

/**
 * Reads the output of `openclaw security audit --json`. Warnings of the program may stand before the document.
 * @throws HardshellError `openclaw.not-found` when there is no verdict in it: unknown is not clean
 */
export function readSecurityAudit(output: string): SecurityAudit {
  const start = output.search(/^\{/m)
  try {
    const { summary, findings } = JSON.parse(output.slice(start)) as { summary: SecurityAudit; findings: SecurityAudit['findings'] }
    const { critical, warn, info } = summary
    if (![critical, warn, info].every(Number.isInteger)) throw new Error('no counts')
    return { critical, warn, info, findings: findings.map(({ checkId, severity, title }) => ({ checkId, severity, title })) }
  } catch (cause) {
    throw new HardshellError('openclaw.not-found', 'openclaw security audit gave no verdict', {
      hint: 'openclaw security audit --json',
      cause,
    })
  }
}
