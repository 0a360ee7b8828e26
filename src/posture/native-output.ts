import type { Severity } from './check.ts'

/** One thing OpenClaw itself has to say, by one of its three judges. */
export interface NativeFinding {
  /** Its own id: `gateway.bind_no_auth`, `config.plaintext_secrets`, `core/doctor/…`. */
  id: string
  judge: NativeJudge
  severity: Severity
  title: string
  at: string
  evidence: string
  want: string
}

export const nativeJudges = ['security audit', 'secrets audit', 'doctor'] as const
export type NativeJudge = (typeof nativeJudges)[number]

// OpenClaw's words for how bad it is, in ours. Its doctor is about working rather than about being safe: what only it
// says never weighs more than medium, and a warning of it is a remark.
const severities: Readonly<Record<NativeJudge, Readonly<Record<string, Severity>>>> = {
  'security audit': { critical: 'critical', warn: 'medium', info: 'info' },
  'secrets audit': { error: 'high', warn: 'medium', info: 'info' },
  doctor: { error: 'medium', warning: 'info', info: 'info' },
}

/** Its two audits would tell the same thing under two names. */
const sameThing: Readonly<Record<string, string>> = { PLAINTEXT_FOUND: 'config.plaintext_secrets' }

/** Where it names no remedy itself. */
const remedies: Readonly<Record<NativeJudge, string>> = {
  'security audit': '',
  'secrets audit': 'a reference to a secret: openclaw secrets configure',
  doctor: '',
}

/**
 * Reads what a judge printed: warnings of the program may stand before the document.
 * @throws Error when there is no verdict in it, as unknown is not clean
 */
export function readNative(judge: NativeJudge, output: string): NativeFinding[] {
  const start = output.search(/^\{/m)
  if (start === -1) throw new Error('printed no verdict')
  const { findings } = JSON.parse(output.slice(start)) as { findings?: unknown }
  if (!Array.isArray(findings)) throw new Error('printed a verdict without findings')
  return findings.flatMap((each: unknown) => {
    const fields = textFields(each)
    const id = idOf(judge, fields)
    // A summary of what there is, and no finding.
    return id.startsWith('summary.') ? [] : [findingOf(judge, id, fields)]
  })
}

type Fields = Readonly<Record<string, string | undefined>>

function idOf(judge: NativeJudge, { checkId, requirement, code }: Fields): string {
  if (judge === 'secrets audit') return sameThing[code ?? ''] ?? `secrets.${(code ?? 'unknown').toLowerCase()}`
  // The doctor repeats the audit's findings under one id of its own, and says there which one it is.
  if (judge === 'doctor' && checkId === 'core/doctor/security' && requirement !== undefined) return requirement
  return checkId ?? 'unknown'
}

function findingOf(judge: NativeJudge, id: string, fields: Fields): NativeFinding {
  const message = fields['title'] ?? fields['message'] ?? id
  const severity = severities[judge][fields['severity'] ?? ''] ?? 'medium'
  return {
    id,
    judge,
    severity: judge === 'doctor' && message.startsWith('CRITICAL') ? 'critical' : severity,
    title: message,
    at: fields['jsonPath'] ?? fields['path'] ?? fields['file'] ?? id,
    evidence: fields['detail'] ?? message,
    want: fields['remediation'] ?? fields['fixHint'] ?? remedies[judge],
  }
}

function textFields(value: unknown): Fields {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
