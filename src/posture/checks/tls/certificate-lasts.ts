import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { exampleCertificates } from '../../example-certificates.ts'
import { frontWith } from '../../example-front.ts'
import type { FrontFacts } from '../../facts/front.ts'

// Let's Encrypt renews 30 days before the end: half of that gone by means that nobody renews.
const leastMs = 14 * 24 * 3_600_000
const path = '/etc/letsencrypt/live/claw/fullchain.pem'
const site = frontWith(['/etc/ssl/claw.pem', path])

export default defineCheck({
  id: 'tls.certificate-lasts',
  title: 'the certificate of the front door is valid for two weeks more',
  severity: 'medium',
  why: 'people taught to click a warning away do so for the attacker as well',
  source: "Let's Encrypt, Integration Guide: when to renew; OpenClaw hardening checklist: automatic certificate renewal",
  needs: ['front'],
  judge: ({ front }) => ending(front).map((one) => ({ at: one.path, saw: one.endsMs < front.now ? 'expired' : `ends in ${Math.floor((one.endsMs - front.now) / 86_400_000)} days`, want: 'more than 14 days left' })),
  fix: { risk: 'restart', part: 'files', plan: ({ front }) => (ending(front).some((one) => one.path.startsWith('/etc/letsencrypt/')) ? [command(['certbot', 'renew'], null, "renews what Let's Encrypt signed")] : []) },
  examples: {
    pass: { lasting: { files: { ...site, [path]: exampleCertificates.lasting } } },
    fail: { ending: { files: { ...site, [path]: exampleCertificates.ending }, fixedFiles: { [path]: exampleCertificates.lasting } } },
  },
})

function ending({ certificates, now }: FrontFacts): FrontFacts['certificates'] {
  return certificates.filter(({ endsMs }) => endsMs - now < leastMs)
}
