import { defineCheck, type Check } from './check.ts'
import type { GuardConfigFacts } from './facts/guard-config.ts'
import { guardEntries, guardExample, setGuard } from './guard-settings.ts'

/** An incident there has to be a playbook for. */
export interface PlaybookCheck {
  id: string
  title: string
  why: string
  /** Found in the name or description of a playbook that serves. */
  about: RegExp
  /** What the fix writes. */
  playbook: { name: string; description: string; steps: readonly string[] }
}

/** A check that one incident has a playbook with steps. */
export function definePlaybookCheck({ about, playbook: { name, ...playbook }, ...said }: PlaybookCheck): Check {
  const isWritten = (facts: GuardConfigFacts): boolean =>
    guardEntries(facts, 'playbooks').some(([title, { description, steps }]) => about.test(`${title} ${typeof description === 'string' ? description : ''}`) && Array.isArray(steps) && steps.length > 0)
  return defineCheck({
    ...said,
    severity: 'low',
    source: 'hardening guide 1, incident response planning; guides 2, 3 and 4',
    needs: ['guardConfig'],
    applies: ({ guardConfig }) => guardConfig.guard !== null,
    judge: ({ guardConfig }) => (isWritten(guardConfig) ? [] : [{ at: 'incident-response.yaml playbooks', saw: `none for: ${playbook.description}`, want: 'steps, written before it happens' }]),
    fix: {
      risk: 'safe',
      part: 'files',
      plan: ({ guardConfig }) => {
        const [, from] = guardEntries(guardConfig, 'playbooks').find(([title]) => title === name) ?? []
        return isWritten(guardConfig) ? [] : setGuard(guardConfig, ['playbooks', name], { from, to: playbook })
      },
    },
    examples: {
      pass: { written: guardExample({ 'incident-response.yaml': `playbooks:\n  ${name}:\n    steps:\n      - "call somebody"\n` }) },
      fail: { 'no playbooks': guardExample({ 'config.yaml': '# nothing\n' }), 'another incident': guardExample({ 'incident-response.yaml': 'playbooks:\n  coffee_spilled:\n    steps: ["wipe it up"]\n' }) },
    },
  })
}
