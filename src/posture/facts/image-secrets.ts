import { findSecrets } from '../../content/secrets/index.ts'
import { isRecord } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import { DoesNotArise, hostOf, type FactReader, type Leave } from '../subject.ts'

/** Secrets an image carries where everybody who has the image reads them. */
export interface ImageSecret {
  /** `openclaw:local`, or the beginning of its digest where it has no name. */
  image: string
  /** `environment: NAME`, `label: NAME`, `command`, `build step`. */
  where: string
  /** Kinds, never values. */
  what: readonly string[]
}

export interface ImageSecretsFacts {
  found: readonly ImageSecret[]
  /** Images of OpenClaw that were looked at. */
  looked: number
}

const engines = ['docker', 'podman']
const about = /openclaw|clawdbot|moltbot/i
// A machine that builds keeps dozens; each costs two questions of some 50 ms.
const maxImages = 40

/**
 * Images that have to do with OpenClaw, by name, variable, label or command: what `image inspect` and `history` tell of
 * them. Files in their layers are not looked into: that would mean writing each image out.
 */
export const imageSecrets: FactReader<ImageSecretsFacts> = {
  deadlineMs: 12_000,
  async read(subject, _, leave) {
    const host = hostOf(subject)
    const asked = await Promise.all(engines.map(async (engine) => await imagesOf(host, engine, leave)))
    if (asked.every((one) => one === null)) throw new DoesNotArise('neither Docker nor Podman is on this machine')
    const looked = asked.flatMap((one) => one ?? [])
    return { found: looked.flat(), looked: looked.length }
  },
}

/** One list for each image of OpenClaw; `null` where there is no such engine. */
async function imagesOf(host: Machine, engine: string, leave: Leave): Promise<ImageSecret[][] | null> {
  const listed = await host.run([engine, 'image', 'ls', '--no-trunc', '--quiet'])
  if (listed === null) return null
  if (listed.status !== 0) throw new Error(`${engine} does not list its images: ${listed.err.trim().split('\n')[0] ?? ''}`)
  const ids = [...new Set(listed.out.split('\n').map((line) => line.trim()).filter((line) => line !== ''))]
  if (ids.length > maxImages) leave({ part: 'imageSecrets', what: 'images', at: `${engine} image ls`, looked: maxImages, of: ids.length, next: `${engine} image inspect IMAGE` })
  const found = await Promise.all(ids.slice(0, maxImages).map(async (id) => await imageOf(host, engine, id)))
  return found.filter((one) => one !== null)
}

/** `null` for an image that has nothing to do with OpenClaw. */
async function imageOf(host: Machine, engine: string, id: string): Promise<ImageSecret[] | null> {
  const told = await host.run([engine, 'image', 'inspect', id])
  if (told?.status !== 0 || !about.test(told.out)) return told?.status === 0 ? null : gone(engine, id)
  const steps = await host.run([engine, 'history', '--no-trunc', '--format', '{{.CreatedBy}}', id])
  if (steps?.status !== 0) return gone(engine, id)
  const [image] = JSON.parse(told.out) as { RepoTags?: string[] | null; Config?: Record<string, unknown> | null }[]
  const name = image?.RepoTags?.[0] ?? id.slice(0, 19)
  return textsOf(image?.Config ?? {}, steps.out).flatMap(({ where, text }) => {
    const what = [...new Set(findSecrets(text).map(({ type }) => type))]
    return what.length === 0 ? [] : [{ image: name, where, what }]
  })
}

function gone(engine: string, id: string): never {
  throw new Error(`${engine} says nothing about the image ${id.slice(0, 19)}`)
}

function textsOf({ Env, Labels, Cmd, Entrypoint }: Record<string, unknown>, steps: string): { where: string; text: string }[] {
  const lines = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])
  const said = [...lines(Env), ...Object.values(isRecord(Labels) ? Labels : {}).map(String)].filter((one) => one !== '' && !one.endsWith('='))
  const labels = isRecord(Labels) ? Object.entries(Labels).map(([name, value]) => ({ where: `label: ${name}`, text: `${name}=${String(value)}` })) : []
  return [
    ...lines(Env).map((text) => ({ where: `environment: ${text.split('=')[0]!}`, text })),
    ...labels,
    { where: 'command', text: [...lines(Entrypoint), ...lines(Cmd)].join(' ') },
    // Values of arguments stand in the step that used them, and variables that were taken back in the step that set them.
    ...steps.split('\n').filter((text) => !said.some((one) => text.includes(one))).map((text) => ({ where: 'build step', text })),
  ]
}
