import { homeOf } from '../../home-folder.ts'
import { defineCheck } from '../../check.ts'
import { nameOf, settingChanges } from '../../setting-change.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { bindFault, type BindFault } from '../../sandbox-binds.ts'
import { dockerSettings } from '../../sandbox-docker.ts'

export default defineCheck({
  id: 'sandbox.no-dangerous-mounts',
  title: 'no system folder, socket or key is mounted into the sandbox',
  severity: 'critical',
  why: 'through the Docker socket, /etc or a folder of keys whoever is in the sandbox is out of it',
  source: 'OpenClaw docs, gateway/security/audit-checks (sandbox.dangerous_bind_mount, sandbox.bind_mount_non_absolute)',
  covers: ['sandbox.dangerous_bind_mount', 'sandbox.bind_mount_non_absolute'],
  needs: ['config'],
  judge: ({ config }) =>
    faults(config).map(({ at, bind, fault }) =>
      fault.kind === 'dangerous'
        ? { at: nameOf(at), saw: `${bind} reaches ${fault.reaches}`, want: 'folders of the project only', covers: ['sandbox.dangerous_bind_mount'] }
        : { at: nameOf(at), saw: `${bind} is relative`, want: 'an absolute path', severity: 'medium' as const, covers: ['sandbox.bind_mount_non_absolute'] },
    ),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan({ config }) {
      const bad = new Set(faults(config).map(({ at, bind }) => `${nameOf(at)} ${bind}`))
      return settingChanges(config, mounts(config).map(({ at, binds }) => ({ at, to: binds.filter((bind) => !bad.has(`${nameOf(at)} ${String(bind)}`)) })))
    },
  },
  examples: {
    pass: {
      project: { config: { agents: { defaults: { sandbox: { docker: { binds: ['/srv/project:/project:ro'] } } } } } },
      none: { config: {} },
    },
    fail: {
      'the socket of Docker': { config: { agents: { defaults: { sandbox: { docker: { binds: ['/var/run/docker.sock:/var/run/docker.sock', '/srv/a:/a'] } } } } } },
      'a folder above it': { config: { agents: { defaults: { sandbox: { docker: { binds: ['/var:/host:ro'] } } } } } },
      'everything, for one agent': { config: { agents: { list: [{ id: 'a', sandbox: { docker: { binds: ['/:/host'] } } }] } } },
      'keys of the person': { config: { agents: { defaults: { sandbox: { docker: { binds: ['/home/claw/.ssh:/keys:ro'] } } } } } },
      relative: { config: { agents: { defaults: { sandbox: { docker: { binds: ['./data:/data'] } } } } } },
    },
  },
})

function mounts(config: Pick<ConfigFacts, 'value'>): { at: readonly string[]; binds: readonly unknown[] }[] {
  return dockerSettings(config).flatMap(({ at, docker }) => (Array.isArray(docker['binds']) ? [{ at: [...at, 'binds'], binds: docker['binds'] }] : []))
}

function faults(config: Pick<ConfigFacts, 'value' | 'path'>): { at: readonly string[]; bind: string; fault: BindFault }[] {
  const home = homeOf(config.path)
  return mounts(config).flatMap(({ at, binds }) =>
    binds.flatMap((bind) => {
      const fault = typeof bind === 'string' ? bindFault(bind, home) : null
      return fault === null ? [] : [{ at, bind: String(bind), fault }]
    }),
  )
}
