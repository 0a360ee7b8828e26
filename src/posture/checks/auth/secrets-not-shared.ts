import { defineCheck, type Flaw } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { literalAt } from '../../gateway-auth.ts'
import { freshSecret } from '../../secret-reference.ts'
import { settingChanges } from '../../setting-change.ts'

// Secrets OpenClaw's own doors ask for. The one of hooks has a check of its own; that of a remote gateway is the same on purpose.
const doors = ['gateway.auth.token', 'gateway.auth.password', 'cron.webhookToken', 'hooks.gmail.pushToken', 'channels.telegram.webhookSecret', 'channels.zalo.webhookSecret']

export default defineCheck({
  id: 'auth.secrets-not-shared',
  title: 'every door has a secret of its own',
  severity: 'high',
  why: 'a secret that is handed to a webhook sender, or leaks from one, opens the gateway as well',
  source: 'OpenClaw docs, gateway/security/secrets-and-storage',
  needs: ['config'],
  judge: ({ config }) => shared(config).map(({ at, with: other }): Flaw => ({ at, saw: `the secret of ${other}`, want: 'a secret of its own' })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ config }) => settingChanges(config, shared(config).map(({ at }) => ({ at: at.split('.'), to: freshSecret }))),
  },
  examples: {
    pass: {
      own: { config: { gateway: { auth: { token: 'one-of-its-own' } }, cron: { webhookToken: 'another-one' } } },
      elsewhere: { config: { gateway: { auth: { token: '${A}' } }, cron: { webhookToken: '${A}' } } },
    },
    fail: { cron: { config: { gateway: { auth: { token: 'the-very-same' } }, cron: { webhookToken: 'the-very-same' } } } },
  },
})

/** The later of two doors with one secret: the first keeps it. */
function shared(config: ConfigFacts): { at: string; with: string }[] {
  const values = doors.flatMap((at) => {
    const value = literalAt(config, at)
    return value === null || value === '' ? [] : [{ at, value }]
  })
  return values.flatMap(({ at, value }, i) => {
    const first = values.findIndex((each) => each.value === value)
    return first < i ? [{ at, with: values[first]!.at }] : []
  })
}
