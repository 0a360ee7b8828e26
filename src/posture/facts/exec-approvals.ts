import { isRecord } from '../../base/index.ts'
import { stateDirOf, type FactReader } from '../subject.ts'
import { stateDocument } from './state-documents.ts'

/** What was approved for good, and how commands are approved. */
export interface ExecApprovalsFacts {
  /** Where it stands, for people. Empty when there is no such document. */
  path: string
  found: boolean
  /** The file and its text, `null` where it is a row of the database, which OpenClaw alone writes. */
  editable: { path: string; text: string } | null
  /** Its `defaults` (agent `null`), then each agent's policy; without the allow lists. */
  policies: readonly { agent: string | null; settings: Readonly<Record<string, unknown>> }[]
  /** Patterns that run without asking. */
  allowed: readonly AllowedPattern[]
}

export interface AllowedPattern {
  agent: string
  pattern: string
  /** Place in that agent's list. */
  index: number
  /** Milliseconds since 1970, `null` when never or before that was noted. */
  lastUsedMs: number | null
}

const place = { file: 'exec-approvals.json', table: 'exec_approvals_config', row: 'exec_approvals_config', query: 'select raw_json as text from exec_approvals_config limit 1' }

export const execApprovals: FactReader<ExecApprovalsFacts> = {
  async read(subject) {
    stateDirOf(subject)
    const document = await stateDocument(subject, place)
    if (document === null) return { path: '', found: false, editable: null, policies: [], allowed: [] }
    const value: unknown = JSON.parse(document.text)
    if (!isRecord(value)) throw new Error(`${document.at} is not an object`)
    const agents = isRecord(value['agents']) ? Object.entries(value['agents']).flatMap(([agent, entry]) => (isRecord(entry) ? [{ agent, entry }] : [])) : []
    return {
      path: document.at,
      found: true,
      editable: document.file === null ? null : { path: document.file, text: document.text },
      policies: [
        { agent: null, settings: isRecord(value['defaults']) ? value['defaults'] : {} },
        ...agents.map(({ agent, entry: { allowlist: _list, ...settings } }) => ({ agent, settings })),
      ],
      allowed: agents.flatMap(({ agent, entry }) => patternsOf(agent, entry['allowlist'])),
    }
  },
}

function patternsOf(agent: string, list: unknown): AllowedPattern[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown, index) => {
    // Entries of the first versions were plain words.
    const entry = isRecord(item) ? item : { pattern: item }
    const { pattern, lastUsedAt } = entry as { pattern?: unknown; lastUsedAt?: unknown }
    return typeof pattern === 'string' ? [{ agent, pattern, index, lastUsedMs: typeof lastUsedAt === 'number' ? lastUsedAt : null }] : []
  })
}
