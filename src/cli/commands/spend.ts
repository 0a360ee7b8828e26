import { formatMoney } from '../../base/index.ts'
import type { PotReport, SpendReport } from '../../budget/index.ts'
import { ask } from '../guard-access.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

/** `hardshell spend`. */
export async function spend(options: { json?: unknown; state?: string | boolean }, terminal: Terminal): Promise<number> {
  const report = await ask<SpendReport>(options, terminal, 'spend')
  if (options.json === true) {
    terminal.out(JSON.stringify(report, null, 2))
    return 0
  }
  const pots = [report.day, report.month, ...report.agents, ...report.users, ...report.channels, ...report.cronJobs, ...report.sessions]
  terminal.out(columns([['budget', 'spent', 'reserved', 'limit', 'left'].map((head) => terminal.paint('bold', head)), ...pots.map(potRow)]))
  const models = report.models.filter(({ callsThisMonth }) => callsThisMonth > 0)
  if (models.length > 0) {
    terminal.out('')
    terminal.out(
      columns([
        ['model', 'today', 'month', 'calls'].map((head) => terminal.paint('bold', head)),
        ...models.map((m) => [visible(m.model), formatMoney(m.todayMicroUsd), formatMoney(m.monthMicroUsd), String(m.callsThisMonth)]),
      ]),
    )
  }
  return 0
}

function potRow(pot: PotReport): string[] {
  const money = (amount: number | null): string => (amount === null ? 'none' : formatMoney(amount))
  const name = visible([pot.limit, pot.key, pot.period].filter(Boolean).join(' '))
  return [name, money(pot.spentMicroUsd), money(pot.reservedMicroUsd), money(pot.limitMicroUsd), money(pot.remainingMicroUsd)]
}
