import { defineCheck } from '../../check.ts'
import { exampleFront } from '../../example-front.ts'
import { looseModes, tightened } from '../../loose-modes.ts'

// The group may read: Debian's ssl-cert. Nobody else.
const forbidden = 0o037
const key = '/etc/ssl/private/claw.key'

export default defineCheck({
  id: 'tls.key-private',
  title: 'the private key of the front door is private',
  severity: 'high',
  why: 'whoever has it can stand in for the front door and read every token',
  source: 'OpenClaw production guide: server.key; openssl documentation',
  needs: ['front'],
  judge: ({ front }) => looseModes(front.keys, forbidden),
  fix: { risk: 'safe', part: 'files', plan: ({ front }) => tightened(front.keys, forbidden) },
  examples: {
    pass: { private: { files: { ...exampleFront, [key]: { text: '', mode: 0o640 } } } },
    fail: { world: { files: { ...exampleFront, [key]: { text: '', mode: 0o644 } } }, 'behind a link': { files: { ...exampleFront, [key]: { kind: 'link', target: '../../le/archive/claw.key' }, '/etc/le/archive/claw.key': { text: '', mode: 0o604 } } } },
  },
})
