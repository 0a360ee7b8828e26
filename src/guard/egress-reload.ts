import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { requireConfig, type Config } from '../config/index.ts'
import { readJson5 } from '../openclaw/index.ts'
import { egressOptions, egressRules, refuseCutOff } from './egress.ts'
import type { Plan } from './prepare.ts'
import type { Wired } from './wire.ts'

/** What a reload of the lists came to. */
export interface EgressReloaded {
  /** Hosts everybody may reach, and those some agent or skill may. */
  allowed: number
  denied: number
  /** Connections the new lists no longer allow, cut. */
  cut: number
  /** Settings that changed as well and wait for a restart. */
  pending: string[]
  /** What does not work although nobody forbade it, one sentence each. */
  missing: string[]
}

/**
 * Puts the host lists of the configuration files in force: who may go where, and which names resolve. Everything else
 * of `egress` waits for a restart. The whole configuration has to be right; all or nothing.
 *
 * @throws HardshellError `config.invalid`, `guard.egress-cuts-off`, `egress.bad-host-rule`
 */
export async function reloadEgress({ configuration, input, installation }: Pick<Plan, 'configuration' | 'input' | 'installation'>, { egress, names, log }: Pick<Wired, 'egress' | 'names' | 'log'>, by: string): Promise<EgressReloaded> {
  const loaded = await requireConfig(configuration.directory)
  const lists = listsInto(input.config, loaded.config)
  const missing = refuseCutOff(readJson5(readFileSync(installation.configFile, 'utf8')), lists, loaded.written.some((key) => key.startsWith('egress.allowed_hosts')))
  const { allowed, denied } = counted(lists)
  const reason = `the host lists were read anew: ${allowed} allowed, ${denied} denied`
  // Opening a way is in the log before it is open.
  await log.append({ event_type: 'config_change', rule: 'egress.reload', user: by, target: `${configuration.directory ?? 'defaults'}`, reason })
  const before = egress.active().length
  names.put(egressOptions(lists))
  egress.setRules(egressRules(lists))
  return { allowed, denied, cut: Math.max(0, before - egress.active().length), pending: pendingIn(input.config, loaded.config), missing }
}

const listNames = ['allowed_hosts', 'denied_hosts'] as const

/** The configuration in force with the lists of another one. */
function listsInto(now: Config, next: Config): Config {
  const { allowed_hosts, denied_hosts, do_without } = next.egress
  return { ...now, egress: { ...now.egress, allowed_hosts, denied_hosts, do_without, agents: next.egress.agents, skills: next.egress.skills } }
}

function counted({ egress }: Config): { allowed: number; denied: number } {
  const all = [egress, ...Object.values(egress.agents), ...Object.values(egress.skills)]
  const count = (name: (typeof listNames)[number]): number => new Set(all.flatMap((lists) => lists[name])).size
  return { allowed: count('allowed_hosts'), denied: count('denied_hosts') }
}

/** Settings of the way out that differ and are no lists. */
function pendingIn(now: Config, next: Config): string[] {
  const reloaded = new Set<string>([...listNames, 'do_without', 'agents', 'skills'])
  const differs = (one: unknown, other: unknown): boolean => !isDeepStrictEqual(one, other)
  const own = Object.keys(next.egress).filter((key) => !reloaded.has(key) && differs(now.egress[key as keyof Config['egress']], next.egress[key as keyof Config['egress']]))
  const limits = (['agents', 'skills'] as const).flatMap((kind) =>
    Object.entries(next.egress[kind]).flatMap(([name, lists]) => {
      const before: Record<string, unknown> = now.egress[kind][name] ?? {}
      return Object.entries(lists).flatMap(([key, value]) => (!reloaded.has(key) && differs(before[key], value) ? [`${kind}.${name}.${key}`] : []))
    }),
  )
  const dns = differs(now.dns, next.dns) ? ['dns'] : []
  return [...own.map((key) => `egress.${key}`), ...limits.map((key) => `egress.${key}`), ...dns]
}
