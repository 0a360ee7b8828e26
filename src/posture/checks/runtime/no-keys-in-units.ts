import { defineCheck } from '../../check.ts'
import { movedOut } from '../../definition-secrets.ts'
import { exampleService, unit } from '../../example-openclaw.ts'
import type { OpenClawUnit, RuntimeFacts } from '../../facts/runtime.ts'

const named = /(^|[\s"'])([A-Z0-9_]*(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE))=(?!["']?(\s|$|\/|%|\$))\S{8,}/
// Put together here, so that nobody takes it for a real one.
const sample = ['OPENAI', 'API', 'KEY'].join('_')

export default defineCheck({
  id: 'runtime.no-keys-in-units',
  title: 'no key stands in the unit of the gateway',
  severity: 'high',
  why: 'every account of the machine may read units, by systemctl show as well as the file',
  source: 'systemd.exec(5), Environment (not for secrets; LoadCredential instead); OpenClaw production guide, step 2',
  needs: ['runtime', 'serviceSecrets'],
  applies: ({ runtime }) => runtime.units.length > 0,
  judge: ({ runtime }) => keys(runtime).map(({ path, line, name }) => ({ at: `${path}:${line}`, saw: `${name} with a value`, want: 'a file of mode 0600 (EnvironmentFile=), LoadCredential=, or a secret store; and a new key, as this one was readable' })),
  // What is in there is out of it; whoever could read it may have it still.
  fix: {
    risk: 'restart',
    part: 'systemd',
    plan({ runtime, serviceSecrets: { found, ...more } }) {
      const paths = new Set(keys(runtime).map(({ path }) => path))
      return movedOut({ ...more, found: found.filter(({ path }) => paths.has(path)) })
    },
  },
  examples: {
    pass: { file: { files: { ...exampleService, '/etc/systemd/system/openclaw.service': unit('User=openclaw', 'EnvironmentFile=/etc/openclaw/env', `Environment=${sample}_FILE=/run/secrets/key`) } } },
    fail: { value: { files: { ...exampleService, '/etc/systemd/system/openclaw.service': unit('User=openclaw', `Environment="NODE_ENV=production" "${sample}=0123456789abcdef"`) } } },
  },
})

function keys({ units }: RuntimeFacts): readonly (OpenClawUnit['settings'][number] & { name: string })[] {
  return units.flatMap(({ settings }) => settings).filter(({ key }) => key === 'Environment').flatMap((one) => {
    const name = named.exec(one.value)?.[2]
    return name === undefined ? [] : [{ ...one, name }]
  })
}
