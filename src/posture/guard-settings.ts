import { isRecord } from '../base/index.ts'
import { posix } from 'node:path'
import { valueAt } from '../openclaw/index.ts'
import { defineCheck, type Check, type Flaw, type Risk, type Severity } from './check.ts'
import type { YamlChange, YamlStep } from './change.ts'
import type { Example } from './example.ts'
import type { GuardConfigFacts } from './facts/guard-config.ts'

/** Which top-level key of the guard lives in which file; a test beside the command line holds it against the schema. */
export const guardFiles = {
  'config.yaml': ['secrets', 'rotation', 'tls', 'server', 'dashboard', 'audit', 'budgets', 'loops', 'models', 'proof', 'content', 'gateway', 'session', 'tools', 'sandbox', 'channels', 'agents', 'profiles'],
  'network.yaml': ['egress', 'dns', 'require_vpn', 'isolation', 'ports'],
  'api.yaml': ['api'],
  'maintenance.yaml': ['jobs', 'backup'],
  'monitoring.yaml': ['security_alerts', 'notifications'],
  'incident-response.yaml': ['contacts', 'playbooks'],
  'posture.yaml': ['posture'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type GuardFile = keyof typeof guardFiles

/** What is written at a place; `undefined` when nothing is, and the guard's default holds. */
export function guardSetting(facts: GuardConfigFacts, at: string): unknown {
  return valueAt(facts.value, at.split('.'))
}

/** Entries of a map, empty where something else or nothing is written. */
export function guardEntries(facts: GuardConfigFacts, at: string): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const value = guardSetting(facts, at)
  return isRecord(value) ? Object.entries(value).map(([key, entry]) => [key, isRecord(entry) ? entry : {}] as const) : []
}

/** Elements of a list that are maps. */
export function guardList(facts: GuardConfigFacts, at: string): readonly Readonly<Record<string, unknown>>[] {
  const value = guardSetting(facts, at)
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** A change of the guard's own configuration. None where there is no guard. */
export function setGuard(facts: GuardConfigFacts, at: readonly YamlStep[], values: Pick<YamlChange, 'from' | 'to'>): YamlChange[] {
  if (facts.guard === null) return []
  return [{ kind: 'yaml', path: posix.join(facts.guard.configDir, fileOf(String(at[0]))), at, ...values }]
}

/** The file a top-level key is written to. */
export function fileOf(key: string): GuardFile {
  const [file] = Object.entries(guardFiles).find(([, keys]) => (keys as readonly string[]).includes(key)) ?? []
  if (file === undefined) throw new Error(`no file of the guard knows ${key}`)
  return file as GuardFile
}

/** One setting of the guard that has a good and a bad side. */
export interface GuardSettingCheck {
  id: string
  title: string
  severity: Severity
  why: string
  source: string
  /** Dotted, from the top-level key on. */
  at: string
  /** What the guard does where nothing is written. */
  fallback: unknown
  isGood(value: unknown, facts: GuardConfigFacts): boolean
  /** In words, for the finding. */
  want: string
  /** What the fix writes. */
  to(value: unknown, facts: GuardConfigFacts): unknown
  risk?: Risk
  /** False where the question does not arise in a guarded installation. */
  applies?(facts: GuardConfigFacts): boolean
  /** YAML text of the file the setting lives in, by name. */
  passes?: Readonly<Record<string, string>>
  fails: Readonly<Record<string, string>>
  /** Examples that take more than one file: text by name of the file. */
  also?: { pass: Readonly<Record<string, GuardTexts>>; fail: Readonly<Record<string, GuardTexts>> }
}

export type GuardTexts = Readonly<Partial<Record<GuardFile, string>>>

/**
 * A check of one setting of the guard. It does not arise where no guard stands: that is one finding
 * (`guard.stands-before-gateway`), not thirty.
 */
export function defineGuardCheck({ at, fallback, isGood, to, want, applies, passes = {}, fails, also, risk, ...said }: GuardSettingCheck): Check {
  const steps = at.split('.')
  const value = (facts: GuardConfigFacts): unknown => guardSetting(facts, at) ?? fallback
  const flaws = (facts: GuardConfigFacts): Flaw[] => (isGood(value(facts), facts) ? [] : [{ at: `${fileOf(steps[0]!)} ${at}`, saw: shown(value(facts)), want }])
  return defineCheck({
    ...said,
    needs: ['guardConfig'],
    applies: ({ guardConfig }) => guardConfig.guard !== null && (applies?.(guardConfig) ?? true),
    judge: ({ guardConfig }) => flaws(guardConfig),
    fix: {
      // The guard reads its files when it starts.
      risk: risk ?? 'restart',
      part: 'files',
      plan: ({ guardConfig }) =>
        flaws(guardConfig).length === 0 ? [] : setGuard(guardConfig, steps, { from: guardSetting(guardConfig, at), to: to(value(guardConfig), guardConfig) }),
    },
    examples: {
      pass: { 'no guard': {}, ...(applies === undefined ? { defaults: guardExample({ 'config.yaml': '# nothing is written\n' }) } : {}), ...examplesOf(at, passes), ...mapped(also?.pass ?? {}, guardExample) },
      fail: { ...examplesOf(at, fails), ...mapped(also?.fail ?? {}, guardExample) },
    },
  })
}

/** A guarded installation in miniature, with these files of the guard. */
export function guardExample(texts: GuardTexts): Example {
  return { files: Object.fromEntries(Object.entries(texts).map(([name, text]) => [`$GUARD/${name}`, text])) }
}

function examplesOf(at: string, texts: Readonly<Record<string, string>>): Record<string, Example> {
  return mapped(texts, (text) => guardExample({ [fileOf(at.split('.')[0]!)]: text }))
}

function mapped<T>(values: Readonly<Record<string, T>>, make: (value: T) => Example): Record<string, Example> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]))
}

/** A setting in a finding: short, and of a list or map only how much there is. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'not set'
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? `[${value.join(', ').slice(0, 80)}]` : `${value.length} entries`
  return typeof value === 'object' ? `${Object.keys(value).length} entries` : String(value).slice(0, 80)
}
