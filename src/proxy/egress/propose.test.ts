import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Entry } from '../../auditlog/index.ts'
import { proposePolicy } from './propose.ts'
import { parseRules, type RuleOptions } from './rules.ts'
import { egressSettings } from './settings.ts'

const now: RuleOptions = { mode: 'learn', allowedHosts: ['unused.example', { host: 'kept.example', methods: ['GET'] }], deniedHosts: ['*'], agents: {}, skills: {} }

function entry(user: string, target: string, more: Partial<Entry> = {}): Entry {
  return { seq: 0, timestamp: '2026-11-21T10:00:00.000Z', prev_hash: '', event_type: 'egress_request', user, target, decision: 'allow', rule: 'egress.learned', duration_ms: 1, bytes_in: 10, bytes_out: 20, ...more }
}

describe('a proposal', () => {
  const entries = [
    entry('gateway', 'api.telegram.org:443'),
    entry('gateway', 'api.telegram.org:443', { timestamp: '2026-11-21T11:00:00.000Z' }),
    entry('agent.main', 'arxiv.org:443'),
    entry('agent.main', 'shared.example:443'),
    entry('agent.second', 'shared.example:80'),
    entry('agent.second', 'db.example:5432'),
    entry('skill.main.weather', 'wx.example:443'),
    entry('gateway', 'kept.example:443'),
    entry('gateway', 'kept.example:443', { duration_ms: undefined }),
    entry('agent.main', 'evil.example:443', { decision: 'deny', rule: 'egress.denied-host' }),
    entry('probe', 'probe.example:443'),
    entry('somebody', 'odd.example:443'),
    entry('gateway', 'not a target'),
  ]

  it('has an entry for what was used and for nothing else, where the one who used it finds it', async () => {
    const { yaml, unused } = await proposePolicy(entries, now)
    const read = parse(yaml) as { egress: object }
    expect(read.egress).toEqual({
      mode: 'enforce',
      allowed_hosts: ['api.telegram.org', { host: 'kept.example', methods: ['GET'] }, 'shared.example'],
      denied_hosts: ['*'],
      agents: { main: { allowed_hosts: ['arxiv.org'] }, second: { allowed_hosts: ['db.example:5432'] } },
      skills: { weather: { allowed_hosts: ['wx.example'] } },
    })
    expect(unused).toEqual(['unused.example'])
  })

  it('says who, how often, when and how much beside each', async () => {
    const { yaml } = await proposePolicy(entries, now)
    expect(yaml).toContain('# gateway, port 443: 2 times from 2026-11-21T10:00:00.000Z to 2026-11-21T11:00:00.000Z, 20 bytes up, 40 down\n    - "api.telegram.org"')
    expect(yaml).not.toContain('evil')
  })

  it('keeps what is denied, and the section of an agent that used nothing', async () => {
    const { yaml } = await proposePolicy([], { ...now, agents: { quiet: { allowedHosts: ['x.example'], deniedHosts: ['*'] } } })
    expect(parse(yaml)).toMatchObject({ egress: { agents: { quiet: { allowed_hosts: [], denied_hosts: ['*'] } } } })
  })

  it('loads, and is a list that can be read', async () => {
    const { yaml } = await proposePolicy(entries, now)
    const { allowed_hosts: allowedHosts, denied_hosts: deniedHosts } = egressSettings.parse((parse(yaml) as { egress: object }).egress)
    expect(parseRules({ ...now, allowedHosts, deniedHosts }).all).toHaveLength(1)
    const empty = await proposePolicy([], now)
    expect(egressSettings.parse((parse(empty.yaml) as { egress: object }).egress)).toMatchObject({ mode: 'enforce', allowed_hosts: [] })
  })
})
