import { isPinnedImage } from '../../../host/index.ts'
import { defineCheck } from '../../check.ts'
import { composeFile } from '../../compose-services.ts'

const dockerfile = (...lines: readonly string[]): Record<string, string> => ({ '~/openclaw/Dockerfile': ['# OpenClaw', ...lines, ''].join('\n') })

export default defineCheck({
  id: 'containers.pinned-image',
  title: 'images are named by a version',
  severity: 'medium',
  why: 'with latest the next start runs whatever is there that day, and nobody can say what ran yesterday',
  source: 'Docker docs, Building best practices: pin base image versions; checkov CKV_DOCKER_7',
  needs: ['containers'],
  judge: ({ containers }) => [
    ...containers.services.filter(({ value }) => typeof value['image'] === 'string' && value['build'] === undefined && !isPinnedImage(value['image'])).map(({ path, name, value }) => ({ at: `${path}: ${name}`, saw: String(value['image']), want: 'a version, or a digest' })),
    ...containers.dockerfiles.flatMap(({ path, bases }) => bases.filter(({ image }) => !isPinnedImage(image)).map(({ image, line }) => ({ at: `${path}:${line}`, saw: image, want: 'a version, or a digest' }))),
  ],
  manual: 'see what runs with docker image inspect --format "{{.RepoDigests}}" IMAGE, and write that digest or its version behind the name',
  examples: {
    pass: { version: { files: composeFile([]) }, stages: { files: dockerfile('FROM --platform=linux/amd64 node:24.16-slim AS build', 'FROM build', 'USER node') } },
    fail: { latest: { files: dockerfile('FROM node:latest', 'USER node') }, none: { files: { '~/openclaw/compose.yaml': 'services:\n  openclaw:\n    image: ghcr.io/openclaw/openclaw\n' } } },
  },
})
