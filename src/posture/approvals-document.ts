import { isRecord } from '../base/index.ts'
import type { FileChange } from './change.ts'
import type { AllowedPattern, ExecApprovalsFacts } from './facts/exec-approvals.ts'

/** The document of approvals written anew; nothing where it is a row of the database. Pure. */
export function rewritten({ editable }: ExecApprovalsFacts, edit: (document: Record<string, unknown>) => void): FileChange[] {
  if (editable === null) return []
  const document: unknown = JSON.parse(editable.text)
  if (!isRecord(document)) return []
  edit(document)
  return [{ kind: 'file', path: editable.path, from: editable.text, to: `${JSON.stringify(document, null, 2)}\n` }]
}

/** Takes patterns out of their agents' lists. Pure. */
export function withoutPatterns(facts: ExecApprovalsFacts, gone: readonly AllowedPattern[]): FileChange[] {
  return rewritten(facts, ({ agents }) => {
    for (const [agent, entry] of Object.entries(isRecord(agents) ? agents : {})) {
      if (!isRecord(entry) || !Array.isArray(entry['allowlist'])) continue
      entry['allowlist'] = entry['allowlist'].filter((_, index) => !gone.some((one) => one.agent === agent && one.index === index))
    }
  })
}

/** The policy of all (`null`) or of one agent in the document, to be edited. */
export function policyIn(document: Record<string, unknown>, agent: string | null): Record<string, unknown> {
  const agents = isRecord(document['agents']) ? document['agents'] : {}
  const policy = agent === null ? document['defaults'] : agents[agent]
  return isRecord(policy) ? policy : {}
}
