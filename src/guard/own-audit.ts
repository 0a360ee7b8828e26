import { existsSync, readFileSync } from 'node:fs'
import { writeFileAtomic } from '../base/index.ts'
import type { AuditCounts } from '../control/index.ts'
import { runSecurityAudit } from './gateway-task.ts'
import type { StatePaths } from './paths.ts'
import type { Plan } from './prepare.ts'

/** What OpenClaw said of the configuration before our first change; asked once, kept for every later screen. */
export async function keepAuditBefore(plan: Plan, signal: AbortSignal): Promise<void> {
  const { auditBefore } = plan.input.paths
  if (existsSync(auditBefore)) return
  const counts = await countsOf(plan, signal)
  if (counts) await writeFileAtomic(auditBefore, `${JSON.stringify(counts)}\n`)
}

export function readAuditBefore({ auditBefore }: StatePaths): AuditCounts | null {
  return existsSync(auditBefore) ? (JSON.parse(readFileSync(auditBefore, 'utf8')) as AuditCounts) : null
}

/** Counts of OpenClaw's own audit; `null`, which is shown as "unknown", when it gives none. */
export async function countsOf({ programs, installation, input }: Plan, signal: AbortSignal): Promise<AuditCounts | null> {
  try {
    const { critical, warn, info } = await runSecurityAudit(programs, installation, input.user, signal)
    return { critical, warn, info }
  } catch {
    return null
  }
}
