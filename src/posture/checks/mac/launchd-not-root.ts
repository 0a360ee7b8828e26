import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { binaryLaunchdJob, launchdJob, macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.launchd-not-root',
  title: 'no job starts OpenClaw as root',
  severity: 'critical',
  why: 'an agent with a shell is root on the whole Mac; nothing it does can be taken back',
  source: 'launchd.plist(5), UserName; OpenClaw docs, gateway/security',
  needs: ['mac'],
  applies: ({ mac }) => !mac.jobs.known || mac.jobs.value.length > 0,
  judge: ({ mac }) => told(mac.jobs).filter(({ isDaemon, user }) => (isDaemon && user === null) || user === 'root').map(({ path, user }) => ({ at: path, saw: user === null ? 'a daemon without UserName, which is root' : 'UserName root', want: 'a user of its own' })),
  manual: 'unload it (`launchctl bootout system/ai.openclaw.gateway`), delete the file, and install it as a user of its own: `openclaw gateway install`',
  examples: {
    pass: {
      agent: macWith({}, { '~/Library/LaunchAgents/ai.openclaw.gateway.plist': launchdJob() }),
      'an agent in the binary form': macWith({}, { '~/Library/LaunchAgents/ai.openclaw.gateway.plist': binaryLaunchdJob }),
      'a daemon with a user': macWith({}, { '/Library/LaunchDaemons/ai.openclaw.gateway.plist': launchdJob({ user: 'claw' }) }),
    },
    fail: {
      daemon: macWith({}, { '/Library/LaunchDaemons/ai.openclaw.gateway.plist': launchdJob() }),
      'in the binary form': macWith({}, { '/Library/LaunchDaemons/ai.openclaw.gateway.plist': binaryLaunchdJob }),
    },
  },
})
