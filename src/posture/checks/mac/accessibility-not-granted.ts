import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

const ours = /openclaw|moltbot|clawdbot|\/node$/i
const isBundle = (client: string): boolean => /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(client)

export default defineCheck({
  id: 'mac.accessibility-not-granted',
  title: 'nothing of OpenClaw may press keys in other programs',
  severity: 'medium',
  why: 'with accessibility an agent clicks through every question macOS asks, password dialogs of others included',
  source: 'Apple Platform Security, controlling app access; tccutil(1)',
  needs: ['mac'],
  judge: ({ mac }) => told(mac.accessibility).filter((client) => ours.test(client)).map((client) => ({ at: client, saw: 'may control the Mac (accessibility)', want: 'only while you need it' })),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ mac }) =>
      told(mac.accessibility)
        .filter((client) => ours.test(client) && isBundle(client))
        .map((client) => ({ kind: 'command', do: ['tccutil', 'reset', 'Accessibility', client], undo: null, means: `takes accessibility from ${client}; macOS asks again when it wants it` })),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { granted: macWith({ "sqlite3 -readonly /Library/Application Support/com.apple.TCC/TCC.db select client from access where service = 'kTCCServiceAccessibility' and auth_value = 2": 'com.apple.Terminal\nai.openclaw.mac\n' }) },
  },
})
