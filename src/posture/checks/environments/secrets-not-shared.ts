import { defineCheck } from '../../check.ts'
import type { Installation, InstallationFacts } from '../../facts/installations.ts'

const text = (token: string): string => JSON.stringify({ channels: { telegram: { botToken: token } } })
// Assembled, so that nobody takes it for a token of somebody's.
const token = ['1234567', 'not-a-token', 'of-anybody'].join(':')

export default defineCheck({
  id: 'environments.secrets-not-shared',
  title: 'no key and no channel account serves two installations',
  severity: 'medium',
  why: 'what an experiment leaks or breaks is then the key and the channel of production',
  source: 'hardening guide 2, development and production separation; guide 3, the same keys across development and production',
  needs: ['installations'],
  applies: ({ installations }) => installations.installations.length > 1 && installations.judged !== null,
  judge: ({ installations }) => shared(installations).map(({ at, with: other }) => ({ at, saw: `the same secret as ${other}`, want: 'a secret of its own' })),
  manual: 'make a second key or bot at its issuer, give it to the other installation, and rotate the one they shared',
  examples: {
    pass: {
      'one each': { configText: text(token), files: { '~/.openclaw-dev/openclaw.json': text(`${token}-2`) } },
      'only one installation': { configText: text(token) },
      'a reference': { configText: text('${TELEGRAM_BOT_TOKEN}'), files: { '~/.openclaw-dev/openclaw.json': text('${TELEGRAM_BOT_TOKEN}') } },
    },
    fail: {
      'one bot for both': { configText: text(token), files: { '~/.openclaw-dev/openclaw.json': text(token) } },
      'by way of .env': { configText: text(token), files: { '~/.openclaw-dev/openclaw.json': '{}', '~/.openclaw-dev/.env': `TELEGRAM_BOT_TOKEN="${token}"\n` } },
    },
  },
})

function shared({ installations, judged }: InstallationFacts): { at: string; with: string }[] {
  const mine = installations.find(({ folder }) => folder === judged)
  if (!mine) return []
  const others = installations.filter((each) => each !== mine)
  return mine.secrets.flatMap(({ at, digest }) => {
    const found = others.flatMap((other) => placesOf(other, digest))
    return found.length === 0 ? [] : [{ at, with: found.join(', ') }]
  })
}

function placesOf({ folder, secrets }: Installation, digest: string): string[] {
  return secrets.filter((secret) => secret.digest === digest).map(({ at }) => `${at} in ${folder}`)
}
