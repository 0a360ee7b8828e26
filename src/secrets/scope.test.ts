import { describe, expect, it } from 'vitest'
import { mayUse } from './scope.ts'

const scopes = {
  anthropic_api_key: { agents: ['Main', 'research'] },
  SMTP_PASSWORD: { skills: ['email'] },
  DB_PASSWORD: { agents: ['research'], skills: ['reports'] },
}

describe('mayUse', () => {
  it.each([
    ['ANTHROPIC_API_KEY', 'main', null, 'secrets.scope.allowed'],
    ['ANTHROPIC_API_KEY', 'intruder', null, 'secrets.scope.agent'],
    ['ANTHROPIC_API_KEY', null, null, 'secrets.scope.agent'],
    ['ANTHROPIC_API_KEY', 'main', 'email', 'secrets.scope.skill'],
    ['SMTP_PASSWORD', 'main', 'email', 'secrets.scope.allowed'],
    ['SMTP_PASSWORD', 'main', 'calendar', 'secrets.scope.skill'],
    ['SMTP_PASSWORD', 'main', null, 'secrets.scope.skill-only'],
    ['DB_PASSWORD', 'research', 'reports', 'secrets.scope.allowed'],
    ['DB_PASSWORD', 'main', 'reports', 'secrets.scope.agent'],
    ['DB_PASSWORD', 'research', 'email', 'secrets.scope.skill'],
    ['UNSCOPED', 'main', null, 'secrets.scope.allowed'],
    ['UNSCOPED', null, null, 'secrets.scope.allowed'],
    ['UNSCOPED', 'main', 'email', 'secrets.scope.skill'],
  ])('%s for agent %s and skill %s: %s', (name, agentId, skill, rule) => {
    const decision = mayUse(scopes, name, { agentId, skill })
    expect(decision.rule).toBe(rule)
    expect(decision.allow).toBe(rule === 'secrets.scope.allowed')
  })
})
