import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import type { Leave } from '../subject.ts'
import { textIn } from './json-text.ts'

/** A plugin or skill that is installed. */
export interface AddOn {
  kind: 'plugin' | 'skill'
  name: string
  /** `null` where it does not say. */
  version: string | null
  /** Its folder. */
  at: string
}

// The largest workspace seen in the skills archive held a few dozen; of more than this the first are looked at.
const maxAddOns = 2000

/** Plugins and skills of OpenClaw's state folder and its default workspace. */
export async function findAddOns(machine: Machine, stateDir: string, leave: Leave): Promise<readonly AddOn[]> {
  const plugins = ['extensions', 'plugins'].map((name) => posix.join(stateDir, name))
  const skills = ['skills', 'workspace/skills'].map((name) => posix.join(stateDir, name))
  const within = async (folder: string, kind: AddOn['kind']): Promise<AddOn[]> => await addOnsIn(machine, await firstNames(machine, folder, leave), kind)
  const found = await Promise.all([...plugins.map(async (folder) => await within(folder, 'plugin')), ...skills.map(async (folder) => await within(folder, 'skill'))])
  return found.flat()
}

async function firstNames(machine: Machine, folder: string, leave: Leave): Promise<string[]> {
  const names = (await machine.names(folder).catch(() => null)) ?? []
  if (names.length > maxAddOns) leave({ part: 'addOns', what: 'plugins and skills', at: folder, looked: maxAddOns, of: names.length })
  return names.slice(0, maxAddOns).map((name) => posix.join(folder, name))
}

async function addOnsIn(machine: Machine, paths: readonly string[], kind: AddOn['kind']): Promise<AddOn[]> {
  const found = await Promise.all(paths.map(async (path) => await addOnIn(machine, path, kind)))
  return found.flatMap((one) => one ?? [])
}

async function addOnIn(machine: Machine, at: string, kind: AddOn['kind']): Promise<AddOn | null> {
  const read = async (name: string): Promise<string | null> => await machine.text(posix.join(at, name)).catch(() => null)
  const package_ = (await read('package.json')) ?? ''
  if (kind === 'plugin') {
    const manifest = await read('openclaw.plugin.json')
    if (manifest === null && package_ === '') return null
    return { kind, name: textIn(package_, 'name') ?? textIn(manifest ?? '', 'id') ?? posix.basename(at), version: textIn(package_, 'version') ?? textIn(manifest ?? '', 'version'), at }
  }
  const skill = await read('SKILL.md')
  if (skill === null) return null
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(skill)?.[1] ?? ''
  const inHead = (key: string): string | null => new RegExp(`^${key}:\\s*["']?([^"'\\r\\n]+)`, 'm').exec(head)?.[1]?.trim() ?? null
  const meta = (await read('_meta.json')) ?? ''
  return { kind, name: inHead('name') ?? posix.basename(at), version: inHead('version') ?? textIn(meta, 'version') ?? textIn(package_, 'version'), at }
}
