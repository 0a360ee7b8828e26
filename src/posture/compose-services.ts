import type { YamlChange } from './change.ts'
import { defineCheck, type Check, type Severity } from './check.ts'
import type { ComposeService, ContainersFacts } from './facts/containers.ts'

/** A question about every service of a compose file, or those that are OpenClaw itself. */
export interface ComposeRule {
  id: `containers.${string}`
  title: string
  severity: Severity
  why: string
  source: string
  of: 'every service' | 'OpenClaw'
  /** What is wrong, in words; `null` when nothing is. */
  wrong(service: ComposeService['value']): string | null
  want: string
  /** What becomes of which keys; `undefined` takes one out. */
  mended(service: ComposeService['value']): Readonly<Record<string, unknown>>
  /** Lines of a service, for the examples. */
  good: readonly string[]
  bad: Readonly<Record<string, readonly string[]>>
}

export function composeCheck({ of, wrong, want, mended, good, bad, ...about }: ComposeRule): Check {
  const failing = ({ services }: ContainersFacts): readonly ComposeService[] => services.filter(({ isOpenClaw, value }) => (of === 'every service' || isOpenClaw) && wrong(value) !== null)
  return defineCheck({
    ...about,
    needs: ['containers'],
    applies: ({ containers }) => containers.services.length > 0,
    judge: ({ containers }) => failing(containers).map(({ path, name, value }) => ({ at: `${path}: ${name}`, saw: wrong(value)!, want })),
    fix: { risk: 'restart', part: 'containers', plan: ({ containers }) => failing(containers).flatMap((service) => changes(service, mended(service.value))) },
    examples: {
      pass: { good: { files: composeFile(good) } },
      fail: Object.fromEntries(Object.entries(bad).map(([name, lines]) => [name, { files: composeFile(lines) }])),
    },
  })
}

/** Texts of a list, whatever else is in it left out. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The list without some of its items; no list at all when nothing is left. */
export function without(value: unknown, unwanted: (item: string) => boolean): unknown {
  const left = Array.isArray(value) ? value.filter((item) => !unwanted(asText(item))) : []
  return left.length === 0 ? undefined : left
}

/** An item of `volumes`: `source:target` in its short or long form. */
export function asText(item: unknown): string {
  if (typeof item === 'string') return item
  const { source = '', target = '' } = (item ?? {}) as { source?: string; target?: string }
  return `${source}:${target}`
}

/** A compose file of one OpenClaw with these lines in its service. */
export function composeFile(lines: readonly string[]): Record<string, string> {
  return { '~/openclaw/compose.yaml': ['services:', '  # the agent', '  openclaw:', '    image: ghcr.io/openclaw/openclaw:2026.9.6', ...lines.map((line) => `    ${line}`), ''].join('\n') }
}

function changes({ path, name, value }: ComposeService, mended: Readonly<Record<string, unknown>>): readonly YamlChange[] {
  return Object.entries(mended).map(([key, to]) => ({ kind: 'yaml', path, at: ['services', name, key], from: value[key], to }))
}
