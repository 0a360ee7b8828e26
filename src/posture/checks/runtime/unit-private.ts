import { defineCheck } from '../../check.ts'
import { exampleService } from '../../example-openclaw.ts'
import { looseModes, tightened, writableByOthers } from '../../loose-modes.ts'

const path = '/etc/systemd/system/openclaw.service'

export default defineCheck({
  id: 'runtime.unit-private',
  title: 'only its owner can write the unit of the gateway',
  severity: 'high',
  why: 'whoever writes it runs what he likes as the user it names, or as root',
  source: 'systemd.unit(5); CIS Debian Linux 12 Benchmark, 7.1',
  needs: ['runtime'],
  applies: ({ runtime }) => runtime.units.length > 0,
  judge: ({ runtime }) => looseModes(runtime.units, writableByOthers),
  fix: { risk: 'safe', part: 'files', plan: ({ runtime }) => tightened(runtime.units, writableByOthers) },
  examples: {
    pass: { private: { files: { ...exampleService, [path]: { text: exampleService[path], mode: 0o644 } } } },
    fail: { group: { files: { ...exampleService, [path]: { text: exampleService[path], mode: 0o664 } } } },
  },
})
