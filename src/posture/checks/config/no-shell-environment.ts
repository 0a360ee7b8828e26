import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'config.no-shell-environment',
  title: 'the environment of a login shell stays outside',
  severity: 'low',
  why: 'every key a person exports for their own work is there for agents too',
  source: 'OpenClaw docs, gateway/config-secrets-env',
  at: 'env.shellEnv.enabled',
})
