import { formatMoney, HardshellError, parseDuration, parseMoney } from '../../base/index.ts'
import type { Override } from '../../budget/index.ts'
import { ask, operatorName } from '../guard-access.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell budget override LIMIT [KEY] --allow AMOUNT --for DURATION --reason TEXT`. */
export async function overrideBudget(limit: string, key: string | undefined, options: Options, terminal: Terminal): Promise<number> {
  const { override } = await ask<{ override: Override }>(options, terminal, 'overrideBudget', {
    limit,
    key: key ?? '',
    allowMicroUsd: allowed(options['allow']),
    until: Date.now() + lasting(options['for']),
    reason: options['reason'],
    by: operatorName(terminal.env),
  })
  return say(override, `${nameOf(override)} may spend ${amount(override)} until ${when(override)}; take it back: hardshell budget revoke ${override.id}`, options, terminal)
}

/** `hardshell budget overrides`. */
export async function listOverrides(options: Options, terminal: Terminal): Promise<number> {
  const answer = await ask<{ overrides: Override[] }>(options, terminal, 'budgetOverrides')
  const rows = answer.overrides.map((one) => [String(one.id), nameOf(one), amount(one), when(one), visible(one.by), visible(one.reason)])
  const heads = ['id', 'budget', 'may spend', 'until', 'by', 'reason'].map((head) => terminal.paint('bold', head))
  return say(answer, rows.length > 0 ? columns([heads, ...rows]) : 'no override holds', options, terminal)
}

/** `hardshell budget revoke ID`: exit 1 when no such override holds. */
export async function revokeOverride(id: string, options: Options, terminal: Terminal): Promise<number> {
  if (!/^\d{1,15}$/.test(id)) throw new HardshellError('cli.usage', 'an override is named by its number', { hint: 'hardshell budget overrides' })
  const { revoked } = await ask<{ revoked: boolean }>(options, terminal, 'revokeOverride', { id: Number(id), by: operatorName(terminal.env) })
  say({ ok: revoked, revoked }, revoked ? `override ${id} is over; the limit of the settings holds` : `no override ${id} holds`, options, terminal)
  return revoked ? 0 : 1
}

/** `hardshell budget reset LIMIT [KEY] --reason TEXT`. */
export async function resetBudget(limit: string, key: string | undefined, options: Options, terminal: Terminal): Promise<number> {
  const who = { reason: options['reason'], by: operatorName(terminal.env) }
  const answer = await ask<{ waivedMicroUsd: number }>(options, terminal, 'resetBudget', { limit, key: key ?? '', ...who })
  return say(answer, `the ${limit} budget${key ? ` of ${visible(key)}` : ''} starts again; ${formatMoney(answer.waivedMicroUsd)} no longer count`, options, terminal)
}

function allowed(text: string | boolean | undefined): number | 'unlimited' {
  if (text === 'unlimited') return text
  const money = typeof text === 'string' ? parseMoney(text) : null
  if (money !== null) return money
  throw new HardshellError('cli.usage', 'an amount is written 20, "$20" or unlimited', { hint: 'hardshell budget override day --allow 20 --for 2h --reason "release week"' })
}

function lasting(text: string | boolean | undefined): number {
  const ms = typeof text === 'string' ? parseDuration(text) : null
  if (ms !== null && ms > 0) return ms
  throw new HardshellError('cli.usage', 'a duration is written 30m, 2h or 1d', { hint: 'hardshell budget override day --allow 20 --for 2h --reason "release week"' })
}

function nameOf({ limit, key }: Override): string {
  return visible(key === '' ? limit : `${limit} ${key}`)
}

function amount({ allowMicroUsd }: Override): string {
  return allowMicroUsd === 'unlimited' ? 'without limit' : formatMoney(allowMicroUsd)
}

function when({ until }: Override): string {
  return new Date(until).toISOString()
}

function say(answer: object, sentence: string, options: Options, terminal: Terminal): number {
  terminal.out(options['json'] === true ? JSON.stringify(answer) : sentence)
  return 0
}
