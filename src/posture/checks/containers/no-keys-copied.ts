import type { Change } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import type { BuildContext } from '../../facts/build-contexts.ts'

const copying = (...lines: readonly string[]): Record<string, string> => ({ '~/openclaw/Dockerfile': ['FROM ghcr.io/openclaw/openclaw:2026.9.6', 'COPY . /app', 'USER node', ...lines, ''].join('\n') })

export default defineCheck({
  id: 'containers.no-keys-copied',
  title: 'a folder that is copied into an image leaves its keys out',
  severity: 'high',
  why: 'COPY . takes .env and key files along, and who gets the image gets them, also when a later step deletes them',
  source: 'Docker docs, Build context: .dockerignore files; OWASP Docker Security Cheat Sheet',
  needs: ['buildContexts'],
  judge: ({ buildContexts }) => buildContexts.flatMap(({ dockerfile, line, ignore, carried }) => carried.map((name) => ({ at: `${dockerfile}:${line}`, saw: `${name} is copied`, want: `a line ${name} in ${ignore.path}` }))),
  fix: { risk: 'restart', part: 'containers', plan: ({ buildContexts }) => leavingOut(buildContexts) },
  examples: {
    pass: {
      'left out': { files: { ...copying(), '~/openclaw/.env': 'KEY=x\n', '~/openclaw/.dockerignore': '.git\n**/.env*\n' } },
      'all but some': { files: { ...copying(), '~/openclaw/.env': 'KEY=x\n', '~/openclaw/.dockerignore': '*\n!skills\n' } },
      'nothing there': { files: { ...copying(), '~/openclaw/.env.example': 'KEY=\n' } },
      'one file at a time': { files: { '~/openclaw/Dockerfile': 'FROM ghcr.io/openclaw/openclaw:2026.9.6\nCOPY skills /skills\n', '~/openclaw/.env': 'KEY=x\n' } },
    },
    fail: {
      'no list': { files: { ...copying(), '~/openclaw/.env': 'KEY=x\n', '~/openclaw/id_ed25519': 'x\n' } },
      'let in again': { files: { ...copying(), '~/openclaw/.env': 'KEY=x\n', '~/openclaw/.dockerignore': '.env\n!.env' } },
      'two of them': { files: { ...copying(), '~/openclaw/Containerfile': '# openclaw\nFROM node:24.16\nCOPY . .\n', '~/openclaw/.env': 'KEY=x\n' } },
      'a list of its own': { files: { ...copying(), '~/openclaw/.env': 'KEY=x\n', '~/openclaw/.dockerignore': '.env\n', '~/openclaw/Dockerfile.dockerignore': 'docs\n' } },
    },
  },
})

/** At the end, where a line counts; a name that would be read as a pattern is left to a person. One change for each list. */
function leavingOut(contexts: readonly BuildContext[]): readonly Change[] {
  const lists = new Map(contexts.map(({ ignore }) => [ignore.path, ignore.text]))
  return [...lists].flatMap(([path, text]): Change[] => {
    const names = new Set(contexts.filter(({ ignore }) => ignore.path === path).flatMap(({ carried }) => carried).filter((name) => /^[\w.-]+$/.test(name)))
    const before = text === null || text === '' || text.endsWith('\n') ? (text ?? '') : `${text}\n`
    return names.size === 0 ? [] : [{ kind: 'file', path, from: text, to: `${before}${[...names].join('\n')}\n`, mode: 0o644 }]
  })
}
