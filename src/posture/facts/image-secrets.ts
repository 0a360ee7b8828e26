import { findSecrets } from '../../content/secrets/index.ts'
import { isRecord } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import { DoesNotArise, hostOf, type FactReader, type Leave } from '../subject.ts'
import { Layers } from './image-layers.ts'

/** Secrets an image carries where everybody who has the image reads them. */
export interface ImageSecret {
  /** `openclaw:local`, or the beginning of its digest where it has no name. */
  image: string
  /** `environment: NAME`, `label: NAME`, `command`, `build step`, `file /app/.env in layer 2 of 7`. */
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
 * them, and the files in their layers whose names say that they hold keys. Where the engine keeps layers otherwise than in
 * folders, or we may not look into these, that is left out and told: reading them would mean writing each image out.
 */
export const imageSecrets: FactReader<ImageSecretsFacts> = {
  deadlineMs: 12_000,
  async read(subject, _, leave) {
    const host = hostOf(subject)
    const layers = new Layers(host)
    const asked = await Promise.all(engines.map(async (name) => await imagesOf({ host, name, layers }, leave)))
    if (asked.every((one) => one === null)) throw new DoesNotArise('neither Docker nor Podman is on this machine')
    const looked = asked.flatMap((one) => one ?? [])
    return { found: looked.flat(), looked: looked.length }
  },
}

interface Engine {
  host: Machine
  /** `docker`, `podman`. */
  name: string
  layers: Layers
}

/** One list for each image of OpenClaw; `null` where there is no such engine. */
async function imagesOf(engine: Engine, leave: Leave): Promise<ImageSecret[][] | null> {
  const { host, name } = engine
  const listed = await host.run([name, 'image', 'ls', '--no-trunc', '--quiet'])
  if (listed === null) return null
  if (listed.status !== 0) throw new Error(`${name} does not list its images: ${listed.err.trim().split('\n')[0] ?? ''}`)
  const ids = [...new Set(listed.out.split('\n').map((line) => line.trim()).filter((line) => line !== ''))]
  if (ids.length > maxImages) leave({ part: 'imageSecrets', what: 'images', at: `${name} image ls`, looked: maxImages, of: ids.length, next: `${name} image inspect IMAGE` })
  const found = await Promise.all(ids.slice(0, maxImages).map(async (id) => await imageOf(engine, id, leave)))
  return found.filter((one) => one !== null)
}

/** `null` for an image that has nothing to do with OpenClaw. */
async function imageOf(engine: Engine, id: string, leave: Leave): Promise<ImageSecret[] | null> {
  const { host, name: program } = engine
  const told = await host.run([program, 'image', 'inspect', id])
  if (told?.status !== 0 || !about.test(told.out)) return told?.status === 0 ? null : gone(program, id)
  const steps = await host.run([program, 'history', '--no-trunc', '--format', '{{.CreatedBy}}', id])
  if (steps?.status !== 0) return gone(program, id)
  const [image] = JSON.parse(told.out) as { RepoTags?: string[] | null; Config?: Record<string, unknown> | null }[]
  const name = image?.RepoTags?.[0] ?? id.slice(0, 19)
  const texts = textsOf(image?.Config ?? {}, steps.out).flatMap(({ where, text }) => {
    const what = [...new Set(findSecrets(text).map(({ type }) => type))]
    return what.length === 0 ? [] : [{ image: name, where, what }]
  })
  return [...texts, ...(await filesOf({ engine, name, image }, leave))]
}

async function filesOf({ engine, name, image }: { engine: Engine; name: string; image: unknown }, leave: Leave): Promise<ImageSecret[]> {
  const looked = await engine.layers.of(image)
  const next = `hardshell security audit as root; else ${engine.name} image save IMAGE writes them out`
  if (looked === null || looked.unread > 0) leave({ part: 'imageSecrets.files', what: 'layers', at: `image ${name}`, looked: looked === null ? 0 : looked.layers - looked.unread, of: looked?.layers ?? null, next })
  if (looked !== null && looked.left > 0) leave({ part: 'imageSecrets.files', what: 'files called like keys that are large or closed', at: `image ${name}`, looked: 0, of: looked.left, next })
  return (looked?.found ?? []).map(({ path, layer, what }) => ({ image: name, where: `file ${path} in layer ${layer} of ${looked!.layers}`, what }))
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
