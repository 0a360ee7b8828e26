import { defineCheck } from '../../check.ts'
import type { ContainersFacts } from '../../facts/containers.ts'

const dockerfile = (...lines: readonly string[]): Record<string, string> => ({ '~/openclaw/Dockerfile': ['# OpenClaw', ...lines, ''].join('\n') })

export default defineCheck({
  id: 'containers.image-user',
  title: 'the image of OpenClaw does not run as root',
  severity: 'medium',
  why: 'what nobody names runs as root, and root in a container needs one hole to be root outside',
  source: 'Docker docs, Building best practices: USER; checkov CKV_DOCKER_3',
  needs: ['containers'],
  judge: ({ containers }) => rooted(containers).map(({ path, user }) => ({ at: path, saw: user === null ? 'no USER' : `USER ${user}`, want: 'USER 1000:1000' })),
  // What stands last counts, and the command keeps standing where it is.
  fix: { risk: 'restart', part: 'containers', plan: ({ containers }) => rooted(containers).map(({ path, text }) => ({ kind: 'file', path, from: text, to: `${text.trimEnd()}\nUSER 1000:1000\n` })) },
  examples: {
    pass: { user: { files: dockerfile('FROM node:24.16-slim', 'RUN npm install -g openclaw', 'USER node') }, 'of its base': { files: dockerfile('FROM ghcr.io/openclaw/openclaw:2026.9.6', 'COPY skills /skills') } },
    fail: { nobody: { files: dockerfile('FROM node:24.16-slim', 'RUN npm install -g openclaw', 'CMD ["openclaw"]') }, root: { files: dockerfile('FROM ghcr.io/openclaw/openclaw:2026.9.6', 'USER root') }, 'another stage': { files: dockerfile('FROM node:24.16 AS build', 'USER node', 'FROM node:24.16-slim', 'COPY --from=build /app /app') } },
  },
})

/** The image of OpenClaw itself runs as node. */
function rooted({ dockerfiles }: ContainersFacts): ContainersFacts['dockerfiles'] {
  return dockerfiles.filter(({ user, lastBase }) => (user === null ? !/openclaw/i.test(lastBase ?? '') : /^(root|0)(:|$)/.test(user)))
}
