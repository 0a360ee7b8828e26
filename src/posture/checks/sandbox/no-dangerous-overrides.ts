import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { dockerSettings } from '../../sandbox-docker.ts'

export default defineCheck({
  id: 'sandbox.no-dangerous-overrides',
  title: "none of OpenClaw's refusals to build a weak sandbox is switched off",
  severity: 'high',
  why: 'the overrides let a mount or a shared network through that OpenClaw refuses because it ends the sandbox',
  source: 'OpenClaw docs, gateway/sandboxing/docker-backend (dangerouslyAllow* settings)',
  ...settingsJudge((config) =>
    dockerSettings(config).flatMap(({ at, docker }) =>
      Object.keys(docker)
        .filter((key) => key.startsWith('dangerouslyAllow') && docker[key] === true)
        .map((key) => ({ at: [...at, key], saw: 'true', want: 'false', to: false })),
    ),
  ),
  examples: {
    pass: { none: { config: { agents: { defaults: { sandbox: { docker: { dangerouslyAllowExternalBindSources: false } } } } } } },
    fail: { one: { config: { agents: { defaults: { sandbox: { docker: { dangerouslyAllowContainerNamespaceJoin: true } } } } } } },
  },
})
