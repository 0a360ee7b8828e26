import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { exampleService, unit } from '../../example-openclaw.ts'
import type { OpenClawUnit, RuntimeFacts } from '../../facts/runtime.ts'

const line = { section: 'Service', key: 'UnsetEnvironment', separator: '=' } as const
const variable = 'NODE_TLS_REJECT_UNAUTHORIZED'

export default defineCheck({
  id: 'runtime.certificates-verified',
  title: 'the gateway checks certificates of whom it talks to',
  severity: 'high',
  why: 'anybody on the way to the provider reads prompts and keys, and answers in its name',
  source: 'Node.js docs, NODE_TLS_REJECT_UNAUTHORIZED; OpenClaw hardening checklist: verify TLS on outbound connections',
  needs: ['runtime'],
  applies: ({ runtime }) => runtime.units.length > 0,
  judge: ({ runtime }) => careless(runtime).map(({ path }) => ({ at: path, saw: `${variable}=0`, want: 'not set' })),
  fix: { risk: 'restart', part: 'systemd', plan: ({ runtime }) => careless(runtime).map(({ dropIn, dropInText }) => ({ kind: 'line', path: dropIn, ...line, from: lineIn(dropInText, line), to: variable })) },
  examples: {
    pass: { default: { files: exampleService } },
    fail: { off: { files: { ...exampleService, '/etc/systemd/system/openclaw.service': unit('User=openclaw', `Environment="A=1" ${variable}=0`) } } },
  },
})

function careless({ units }: RuntimeFacts): readonly OpenClawUnit[] {
  const says = ({ settings }: OpenClawUnit, key: string, text: RegExp): boolean => settings.some((one) => one.section === 'Service' && one.key === key && text.test(one.value))
  return units.filter((one) => says(one, 'Environment', new RegExp(`\\b${variable}=["']?0`)) && !says(one, 'UnsetEnvironment', new RegExp(`\\b${variable}\\b`)))
}
