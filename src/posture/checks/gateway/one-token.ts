import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'
import type { LineChange } from '../../change.ts'

const name = 'OPENCLAW_GATEWAY_TOKEN'

export default defineCheck({
  id: 'gateway.one-token',
  title: 'environment and configuration agree on the token',
  severity: 'low',
  why: 'which of the two counts depends on who asks: a token that was rotated in one place still opens the other',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.env_token_overrides_config'],
  needs: ['config', 'environment'],
  judge({ config, environment }) {
    const isAsked = textAt(config, 'gateway.mode') !== 'remote' && !['password', 'none', 'trusted-proxy'].includes(textAt(config, 'gateway.auth.mode') ?? '')
    return isAsked && environment.tokensDiffer ? [{ at: environment.places[name] ?? name, saw: 'another token than gateway.auth.token', want: 'one token, in one place' }] : []
  },
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan({ environment }): LineChange[] {
      const line = environment.tokensDiffer ? environment.lines.find((each) => each.name === name) : undefined
      return line && environment.file !== null ? [{ kind: 'line', path: environment.file, key: line.key, separator: '=', from: line.written, to: null }] : []
    },
  },
  examples: {
    pass: {
      one: { config: { gateway: { auth: { token: 'kept-in-one-place-only' } } } },
      same: { config: { gateway: { auth: { token: 'kept-twice' } } }, files: { '$STATE/.env': `${name}=kept-twice\n` } },
    },
    fail: { two: { config: { gateway: { auth: { token: 'the-new-one' } } }, files: { '$STATE/.env': `${name}=the-old-one\n` } } },
  },
})
