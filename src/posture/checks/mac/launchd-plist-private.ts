import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { launchdJob, macWith } from '../../facts/mac-sample.ts'

const secretNames = /(?:_|^)(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i
const others = 0o077
const environment = { OPENCLAW_GATEWAY_TOKEN: 'made-up', PATH: '/usr/bin' }

export default defineCheck({
  id: 'mac.launchd-plist-private',
  title: 'a job with secrets in its environment is readable by its owner alone',
  severity: 'high',
  why: 'files of launchd are readable by everybody by default: each user and program of the Mac reads the token in it',
  source: 'launchd.plist(5), EnvironmentVariables; OpenClaw docs, gateway/service',
  needs: ['mac'],
  applies: ({ mac }) => !mac.jobs.known || mac.jobs.value.length > 0,
  judge: ({ mac }) =>
    told(mac.jobs)
      .filter(({ mode, environment: names }) => (mode & others) !== 0 && names.some((name) => secretNames.test(name)))
      .map(({ path, mode, environment: names }) => ({ at: path, saw: `mode ${mode.toString(8)} with ${names.filter((name) => secretNames.test(name)).join(', ')}`, want: 'mode 600' })),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ mac }) =>
      told(mac.jobs)
        .filter(({ mode, environment: names }) => (mode & others) !== 0 && names.some((name) => secretNames.test(name)))
        .map(({ path, mode }) => ({ kind: 'mode', path, from: mode, to: 0o600 })),
  },
  examples: {
    pass: {
      private: macWith({}, { '~/Library/LaunchAgents/ai.openclaw.gateway.plist': { text: launchdJob({ environment }), mode: 0o600 } }),
      'nothing secret': macWith({}, { '~/Library/LaunchAgents/ai.openclaw.gateway.plist': { text: launchdJob({ environment: { PATH: '/usr/bin' } }), mode: 0o644 } }),
    },
    fail: { readable: macWith({}, { '~/Library/LaunchAgents/ai.openclaw.gateway.plist': { text: launchdJob({ environment }), mode: 0o644 } }) },
  },
})
