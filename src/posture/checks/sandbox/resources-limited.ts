import { scopesOf, sandboxSetting } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { sandboxMode } from '../../sandbox-mode.ts'

// The container guide's figures for standard deployments: 2 cores, 4 GB. 256 processes are Docker's own example.
const limits = { memory: '4g', cpus: 2, pidsLimit: 256 } as const

export default defineCheck({
  id: 'sandbox.resources-limited',
  title: 'the sandbox has limits of memory, processors and processes',
  severity: 'low',
  why: 'one command that forks or fills memory stops the gateway and everything else on the machine',
  source: 'OpenClaw docs, gateway/sandboxing/docker-backend (memory, cpus, pidsLimit); container guide, resource limits',
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const backend = sandboxSetting(config, scope, 'backend').value ?? 'docker'
      if (sandboxMode(config, scope).mode === 'off' || (backend !== 'docker' && backend !== 'podman')) return []
      return Object.entries(limits).flatMap(([key, to]) => {
        const { value, at } = sandboxSetting(config, scope, `docker.${key}`)
        return value === undefined ? [{ at, saw: 'no limit', want: String(to), to }] : []
      })
    }),
  ),
  examples: {
    pass: {
      limited: { config: { agents: { defaults: { sandbox: { mode: 'all', docker: { memory: '1g', cpus: 1, pidsLimit: 128 } } } } } },
      'no sandbox': { config: {} },
      'not a container': { config: { agents: { defaults: { sandbox: { mode: 'all', backend: 'ssh' } } } } },
    },
    fail: { unlimited: { config: { agents: { defaults: { sandbox: { mode: 'all', docker: { memory: '1g' } } } } } } },
  },
})
