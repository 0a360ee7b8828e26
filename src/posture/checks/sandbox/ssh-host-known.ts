import { scopesOf, sandboxSetting } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { sandboxMode } from '../../sandbox-mode.ts'

export default defineCheck({
  id: 'sandbox.ssh-host-known',
  title: 'a sandbox reached over SSH is the machine that is meant',
  severity: 'medium',
  why: 'unchecked, whoever answers at that address gets every file and command of the agent',
  source: 'OpenClaw docs, gateway/sandboxing (ssh.strictHostKeyChecking, true by default)',
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const { value, at } = sandboxSetting(config, scope, 'ssh.strictHostKeyChecking')
      const ssh = sandboxSetting(config, scope, 'backend').value === 'ssh' && sandboxMode(config, scope).mode !== 'off'
      const command = sandboxSetting(config, scope, 'ssh.command').value
      // A command of its own need not be ssh: Hardshell's stays on this machine and has no key to check.
      const plain = command === undefined || (typeof command === 'string' && /(?:^|\/)ssh$/.test(command.trim()))
      return ssh && plain && value === false ? [{ at, saw: 'false', want: 'true', to: true }] : []
    }),
  ),
  examples: {
    pass: {
      checked: { config: { agents: { defaults: { sandbox: { mode: 'all', backend: 'ssh', ssh: { target: 'box@10.0.0.2' } } } } } },
      'a command on this machine': { config: { agents: { defaults: { sandbox: { mode: 'all', backend: 'ssh', ssh: { command: '/opt/guard/shim', strictHostKeyChecking: false } } } } } },
    },
    fail: { unchecked: { config: { agents: { defaults: { sandbox: { mode: 'all', backend: 'ssh', ssh: { target: 'box@10.0.0.2', strictHostKeyChecking: false } } } } } } },
  },
})
