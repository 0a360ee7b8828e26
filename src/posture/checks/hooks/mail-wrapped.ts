import { switchCheck } from '../../switch-check.ts'

export default switchCheck({
  id: 'hooks.mail-wrapped',
  title: 'mail reaches an agent as text of strangers',
  severity: 'high',
  why: 'a mail may give orders as if the operator had written them',
  source: 'OpenClaw docs, gateway/security/prompt-injection',
  covers: ['config.insecure_or_dangerous_flags'],
  at: 'hooks.gmail.allowUnsafeExternalContent',
})
