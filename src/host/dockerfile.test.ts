import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isPinnedImage, parseDockerfile } from './dockerfile.ts'

const cases = JSON.parse(readFileSync('tests/fixtures/posture-host/dockerfiles.json', 'utf8')) as { id: string; bad: boolean; dockerfile: string }[]

describe('a Dockerfile', () => {
  it.each(cases.map((one) => [one.id, one] as const))('is judged as its authors did: %s', (id, { bad, dockerfile }) => {
    const { bases, user } = parseDockerfile(dockerfile)
    expect(id.startsWith('example_UserExists') ? user === null : bases.some(({ image }) => !isPinnedImage(image))).toBe(bad)
  })

  it('has the user of its last stage', () => {
    expect(parseDockerfile('FROM a:1 AS x\nUSER me\nFROM x\nRUN a \\\n  USER you\n')).toEqual({ bases: [{ image: 'a:1', line: 1 }], user: null, lastBase: 'x', copiesAllAt: null })
  })

  it.each([
    ['COPY . /app', 2], ['add ./ .', 2], ['COPY --chown=1000:1000 . /app', 2], ['COPY [".", "/app"]', 2], ['COPY package.json . \\\n  /app/', 2], ['COPY * /app/', 2],
    ['COPY package.json .', null], ['COPY --from=build . /app', null], ['RUN cp . /app', null], ['COPY src /app', null], ['COPY', null],
  ])('copies the whole folder: %j', (line, at) => {
    expect(parseDockerfile(`FROM a:1\n${line}\n`).copiesAllAt).toBe(at)
  })

  it.each([['node', false], ['node:latest', false], ['host:5000/node', false], ['host:5000/node:24.16', true], ['node@sha256:00', true], ['$BASE', true]])('%s named by a version: %s', (image, pinned) => {
    expect(isPinnedImage(image)).toBe(pinned)
  })
})
