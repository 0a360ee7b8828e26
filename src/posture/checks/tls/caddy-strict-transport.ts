import { defineCheck } from '../../check.ts'
import { caddyfilePath, linesOf, type CaddyFacts } from '../../facts/caddy.ts'

const header = 'Strict-Transport-Security'
const site = (...lines: readonly string[]): Record<string, string> => ({ [caddyfilePath]: ['claw.example.org {', ...lines.map((line) => `\t${line}`), '\treverse_proxy localhost:18789', '}', ''].join('\n') })

export default defineCheck({
  id: 'tls.caddy-strict-transport',
  title: 'browsers are told by Caddy to come back by HTTPS only',
  severity: 'medium',
  why: 'the first plain request of a visit can be taken over and never reaches HTTPS',
  source: 'RFC 6797; OpenClaw security guides: HSTS; Caddy docs, header',
  needs: ['caddy'],
  judge: ({ caddy }) => lacking(caddy).map(({ line }) => ({ at: `${caddyfilePath}:${line}`, saw: `without ${header}`, want: `header ${header} max-age=31536000` })),
  fix: {
    risk: 'restart',
    part: 'files',
    plan({ caddy }) {
      const at = new Set(lacking(caddy).map(({ line }) => line))
      const to = caddy.text.split('\n').flatMap((text, index) => (at.has(index + 1) ? [text, `\theader ${header} max-age=31536000`] : [text])).join('\n')
      return at.size === 0 ? [] : [{ kind: 'file', path: caddyfilePath, from: caddy.text, to }]
    },
  },
  examples: {
    pass: { line: { files: site(`header ${header} "max-age=63072000"`) }, block: { files: site('header {', `\t${header} max-age=63072000`, '}') }, 'loopback only': { files: { [caddyfilePath]: 'http://localhost:80 {\n\treverse_proxy localhost:18789\n}\n' } } },
    fail: { missing: { files: site('encode gzip') } },
  },
})

/** A header counts on TLS only, so a plain site is asked by another check. */
function lacking({ sites }: CaddyFacts): CaddyFacts['sites'] {
  const says = (words: readonly string[]): boolean => words.some((word) => word.replace(/^[?+>]/, '').toLowerCase() === header.toLowerCase())
  return sites.filter((one) => !one.addresses.every((address) => /^http:/i.test(address)) && !linesOf(one).some(({ words }) => says(words)))
}
