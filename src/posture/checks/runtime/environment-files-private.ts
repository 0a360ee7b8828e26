import { defineCheck } from '../../check.ts'
import { exampleService, unit } from '../../example-openclaw.ts'
import { looseModes, openToOthers, tightened } from '../../loose-modes.ts'
import type { RuntimeFacts } from '../../facts/runtime.ts'

// root writes it, and the group of the gateway may read it where systemd does not do so for it.
const forbidden = openToOthers & ~0o040
const service = { ...exampleService, '/etc/systemd/system/openclaw.service': unit('User=openclaw', 'EnvironmentFile=-/etc/openclaw/env') }

export default defineCheck({
  id: 'runtime.environment-files-private',
  title: 'the file with the keys of the gateway is private',
  severity: 'high',
  why: 'every account of the machine reads the keys of the provider in it',
  source: 'OpenClaw production guide, step 2 (environment of the service); systemd.exec(5), EnvironmentFile',
  needs: ['runtime'],
  applies: ({ runtime }) => files(runtime).length > 0,
  judge: ({ runtime }) => looseModes(files(runtime), forbidden),
  fix: { risk: 'safe', part: 'files', plan: ({ runtime }) => tightened(files(runtime), forbidden) },
  examples: {
    pass: { private: { files: { ...service, '/etc/openclaw/env': { text: 'TZ=UTC\n', mode: 0o640 } } } },
    fail: { world: { files: { ...service, '/etc/openclaw/env': { text: 'TZ=UTC\n', mode: 0o644 } } } },
  },
})

function files({ units }: RuntimeFacts): RuntimeFacts['units'][number]['environmentFiles'] {
  return units.flatMap(({ environmentFiles }) => environmentFiles)
}
