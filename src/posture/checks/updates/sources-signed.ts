import type { Change } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { ownAptConf, type UpdatesFacts } from '../../facts/updates.ts'

const trust = /(\s*\[?\s*)\btrusted\s*=\s*yes\b|^Trusted:\s*yes\s*$|\ballow-(insecure|weak)\s*=\s*yes\b/i
const switches = ['APT::Get::AllowUnauthenticated', 'Acquire::AllowInsecureRepositories']
const isOn = (value: string | undefined): boolean => value !== undefined && /^(1|true|yes)$/i.test(value)

export default defineCheck({
  id: 'updates.sources-signed',
  title: 'packages are taken only with a good signature',
  severity: 'high',
  why: 'whoever sits between this machine and an unsigned source installs what he likes, as root',
  source: 'apt-secure(8); sources.list(5), trusted',
  needs: ['updates'],
  applies: ({ updates }) => updates.manager === 'apt',
  judge: ({ updates }) => [
    ...updates.sources.filter(({ text }) => trust.test(text)).map(({ path, line }) => ({ at: `${path}:${line}`, saw: 'signatures are not asked for', want: 'signed-by a key' })),
    ...switches.filter((key) => isOn(updates.settings[key.toLowerCase()]?.at(-1))).map((key) => ({ at: '/etc/apt/apt.conf.d', saw: `${key} is on`, want: 'off' })),
  ],
  fix: { risk: 'safe', part: 'apt', plan: ({ updates }) => [...signed(updates), ...strict(updates)] },
  examples: {
    pass: { signed: { files: { '/etc/apt/sources.list': '# [trusted=yes]\ndeb [signed-by=/usr/share/keyrings/x.gpg] https://x.example stable main\n' } } },
    fail: {
      trusted: { files: { '/etc/apt/sources.list.d/x.list': 'deb [trusted=yes arch=amd64] http://x.example stable main\n' } },
      'in the new form': { files: { '/etc/apt/sources.list.d/x.sources': 'Types: deb\nURIs: http://x.example\nTrusted: yes\n' } },
      'for all': { files: { '/etc/apt/apt.conf.d/10x': 'APT::Get::AllowUnauthenticated "true";\n' } },
    },
  },
})

/** The word taken out; what has no key then fails to load, which is the point. */
function signed({ sources }: UpdatesFacts): readonly Change[] {
  const files = new Map(sources.filter(({ text }) => trust.test(text)).map(({ path, file }) => [path, file]))
  return [...files].map(([path, from]) => ({ kind: 'file', path, from, to: from.split('\n').filter((line) => !/^Trusted:\s*yes/i.test(line)).map((line) => (line.trim().startsWith('#') ? line : line.replace(/\b(trusted|allow-insecure|allow-weak)\s*=\s*yes\s*/gi, '').replace(/\[\s*\]\s*/, ''))).join('\n') }))
}

function strict({ settings, own }: UpdatesFacts): readonly Change[] {
  const on = switches.filter((key) => isOn(settings[key.toLowerCase()]?.at(-1)))
  return on.length === 0 ? [] : [{ kind: 'file', path: ownAptConf, from: own, to: `${own ?? ''}${on.map((key) => `${key} "false";\n`).join('')}`, mode: 0o644 }]
}
