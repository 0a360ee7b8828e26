import type { Secret } from '../base/index.ts'
import { createTokenBook } from '../identity/index.ts'
import { probeProvider } from '../openclaw/index.ts'
import type { Caller } from '../proxy/model/index.ts'
import { tokenEntry, type OwnKeys } from './own-keys.ts'

/** The agent whose budget is one micro-dollar, so that the budget's refusal can be proven. */
export const budgetProbeAgent = 'hardshell-budget-probe'

/** Who may call models, and under which rules. */
export function modelCallers(keys: OwnKeys, providers: readonly string[]): (presented: string | null) => Caller | null {
  const rules: Record<string, { secret: Secret } & Omit<Caller, 'name' | 'permissions'>> = {
    gateway: { secret: keys.virtual, turnRequired: true, free: false, refusal: 'assistant-text', providers: providers.filter((name) => name !== probeProvider) },
    probe: { secret: keys.probe, turnRequired: true, free: true, refusal: 'assistant-text', providers: [probeProvider] },
    'budget-probe': { secret: keys.budgetProbe, turnRequired: true, free: false, refusal: 'assistant-text', providers: [probeProvider] },
  }
  const book = createTokenBook(Object.entries(rules).map(([name, { secret }]) => tokenEntry(name, ['model:call'], secret)))
  return (presented) => {
    const who = book.authenticate(presented)
    if (!who) return null
    const { secret: _, ...rule } = rules[who.name]!
    return { ...who, ...rule }
  }
}
