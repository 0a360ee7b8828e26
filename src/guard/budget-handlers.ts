import type { AuditSink } from '../auditlog/index.ts'
import { formatMoney, HardshellError } from '../base/index.ts'
import type { BudgetName, Meter } from '../budget/index.ts'
import type { ControlHandlers } from '../control/index.ts'

type Body = Record<string, unknown>

/** What the operator does about budgets. Each is in the log, with its reason, before it takes effect. */
export function budgetHandlers(meter: Meter, log: AuditSink): Pick<ControlHandlers, 'overrideBudget' | 'budgetOverrides' | 'revokeOverride' | 'resetBudget'> {
  const record = async (rule: string, by: string, reason: string, detail: Record<string, string | number>): Promise<void> => {
    await log.append({ event_type: 'config_change', rule: `budget.${rule}`, user: by, reason, detail })
  }
  return {
    overrideBudget: async (body) => {
      const name = budgetName(body)
      const { by, reason } = signed(body)
      const allowMicroUsd = body['allowMicroUsd'] === 'unlimited' ? 'unlimited' : count(body['allowMicroUsd'])
      const until = count(body['until'])
      const told = allowMicroUsd === 'unlimited' ? 'unlimited' : formatMoney(allowMicroUsd)
      await record('override', by, reason, { limit: name.limit, key: keyOf(name), allow: told, until: new Date(until).toISOString() })
      return { ok: true, override: await meter.override({ ...name, allowMicroUsd, until, reason, by }) }
    },
    budgetOverrides: async () => ({ ok: true, overrides: await meter.overrides() }),
    revokeOverride: async (body) => {
      const id = count(body['id'])
      await record('override-revoked', signed({ reason: 'taken back', ...body }).by, 'taken back', { id })
      return { ok: true, revoked: await meter.revokeOverride(id) }
    },
    resetBudget: async (body) => {
      const name = budgetName(body)
      const { by, reason } = signed(body)
      await record('reset', by, reason, { limit: name.limit, key: keyOf(name) })
      return { ok: true, ...(await meter.waive(name)) }
    },
  }
}

const whole: readonly string[] = ['day', 'month', 'global']
const named: readonly string[] = ['session', 'agent', 'user', 'channel', 'cron-job']

function budgetName({ limit, key }: Body): BudgetName {
  if (typeof limit === 'string' && whole.includes(limit) && (key === '' || key === undefined)) return { limit } as BudgetName
  // A session key of OpenClaw's may be long; what is longer than this is none.
  if (typeof limit === 'string' && named.includes(limit) && typeof key === 'string' && key !== '' && key.length <= 2048) return { limit, key } as BudgetName
  throw new HardshellError('control.bad-request', 'this is no budget: day, month and global stand alone; session, agent, user, channel and cron-job need a name', {
    hint: 'hardshell spend',
  })
}

function keyOf(name: BudgetName): string {
  return 'key' in name ? name.key : ''
}

function signed({ by, reason }: Body): { by: string; reason: string } {
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new HardshellError('control.bad-request', 'a reason is missing; it is read by whoever wonders later', { hint: '--reason "release week"' })
  }
  return { by: typeof by === 'string' && by !== '' ? by.slice(0, 200) : 'unknown', reason: reason.slice(0, 500) }
}

function count(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new HardshellError('control.bad-request', 'a number of the request is none', { hint: 'hardshell budget --help' })
}
