import { composeCheck, textsIn } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.no-new-privileges',
  title: 'no set-uid program helps in the container of OpenClaw',
  severity: 'medium',
  why: 'sudo and its like in the image would lead to root inside',
  source: 'OpenClaw production guide: container sandboxing; Docker docs, Engine security',
  of: 'OpenClaw',
  wrong: ({ security_opt: options }) => (textsIn(options).some((option) => /^no-new-privileges([:=]true)?$/.test(option)) ? null : 'no-new-privileges is not set'),
  want: 'security_opt: no-new-privileges:true',
  mended: ({ security_opt: options }) => ({ security_opt: [...textsIn(options), 'no-new-privileges:true'] }),
  good: ['security_opt:', '  - no-new-privileges:true'],
  bad: { default: ['restart: always'], other: ['security_opt: ["label=type:x"]'] },
})
