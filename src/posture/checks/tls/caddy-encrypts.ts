import { defineCheck } from '../../check.ts'
import { caddyfilePath, type CaddyFacts } from '../../facts/caddy.ts'

const site = (address: string, options = ''): Record<string, string> => ({ [caddyfilePath]: `${options}${address} {\n\treverse_proxy 127.0.0.1:18789\n}\n` })

export default defineCheck({
  id: 'tls.caddy-encrypts',
  title: 'the front door of Caddy speaks TLS',
  severity: 'high',
  why: 'tokens and conversations in plain text are read by everybody on the way',
  source: 'Caddy docs, Automatic HTTPS; OpenClaw hardening checklist: TLS enabled on all connections',
  needs: ['caddy'],
  judge: ({ caddy }) => [
    ...(caddy.httpsOff === null ? [] : [{ at: `${caddyfilePath}:${caddy.httpsOff}`, saw: 'auto_https off', want: 'without it' }]),
    ...plain(caddy).map(({ addresses, line }) => ({ at: `${caddyfilePath}:${line}`, saw: addresses.join(', '), want: 'a name without http:// and without port 80' })),
  ],
  fix: {
    risk: 'restart',
    part: 'files',
    // A site without a name has nothing a certificate could be made for.
    plan({ caddy }) {
      const to = caddy.text.split('\n').map((text, index) => {
        if (caddy.httpsOff === index + 1) return null
        return plain(caddy).some(({ line }) => line === index + 1) ? text.replaceAll(/http:\/\/(?=[a-z])/gi, '').replace(/([a-z]):80(?=[\s,{]|$)/gi, '$1') : text
      }).filter((text) => text !== null).join('\n')
      return to === caddy.text ? [] : [{ kind: 'file', path: caddyfilePath, from: caddy.text, to }]
    },
  },
  examples: {
    pass: { name: { files: site('claw.example.org') }, 'loopback only': { files: site('http://127.0.0.1:8080') }, another: { files: { [caddyfilePath]: `${site('claw.example.org')[caddyfilePath]}http://blog.example.org {\n\treverse_proxy 127.0.0.1:3000\n}\n` } } },
    fail: { plain: { files: site('http://claw.example.org') }, port: { files: site('claw.example.org:80') }, off: { files: site('claw.example.org', '{\n\tauto_https off\n}\n') } },
  },
})

function plain({ sites }: CaddyFacts): CaddyFacts['sites'] {
  const isPlain = (address: string): boolean => /^http:\/\//i.test(address) || address.endsWith(':80')
  const isLocal = (address: string): boolean => /^(http:\/\/)?(127\.|localhost|\[::1\])/i.test(address)
  return sites.filter(({ addresses }) => addresses.some((address) => isPlain(address) && !isLocal(address)))
}
