import { defineCheck } from '../../check.ts'
import { exampleService, unit } from '../../example-openclaw.ts'

export default defineCheck({
  id: 'accounts.openclaw-not-root',
  title: 'the gateway does not run as root',
  severity: 'high',
  why: 'one prompt that gets a shell then owns the machine, its logs and every guard on it',
  source: 'OpenClaw security guides: dedicated user account, never run as root; OpenClaw docs, gateway/security',
  needs: ['runtime'],
  applies: ({ runtime }) => runtime.uids.length > 0,
  judge: ({ runtime }) => (runtime.uids.includes(0) ? [{ at: runtime.units.find(({ scope }) => scope === 'system')?.path ?? (runtime.processes.find(({ uid }) => uid === 0) ? `process ${runtime.processes.find(({ uid }) => uid === 0)!.pid}` : 'state folder'), saw: 'root', want: 'an account of its own' }] : []),
  manual: 'run useradd --system --create-home --shell /usr/sbin/nologin openclaw, move the state folder there (chown -R openclaw:), and put User=openclaw into its unit; hardshell generate systemd writes one',
  examples: {
    pass: { 'own account': { files: exampleService } },
    fail: { 'unit without a user': { files: { ...exampleService, '/etc/systemd/system/openclaw.service': unit() } }, process: { files: { ...exampleService, '/proc/77/cmdline': 'openclaw-gateway\0' } } },
  },
})
