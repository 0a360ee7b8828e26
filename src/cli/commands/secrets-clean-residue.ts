import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { systemClock, systemRandom, type Secret } from '../../base/index.ts'
import { references } from '../../config/index.ts'
import { findSecrets } from '../../content/index.ts'
import type { StatePaths } from '../../guard/paths.ts'
import { cleanResidue, findResidue, openLocalStore, residuePlaces, undoResidue, type CleanedFile, type ResidueFile, type ResiduePlace } from '../../secrets/index.ts'
import { pathsFor } from '../guard-access.ts'
import { openStores, type ConfiguredStores, type Options } from '../secret-stores.ts'
import { visible, type Terminal } from '../terminal.ts'

/**
 * `hardshell secrets clean-residue`: names old plaintext copies of secrets by file and line; with `--apply` takes them
 * out and keeps the files as they were, sealed; with `--undo` puts the last ones back. Exit 1 while something is left.
 */
export async function cleanResidues(options: Options, terminal: Terminal): Promise<number> {
  const paths = pathsFor(options, terminal)
  const undo = openLocalStore({ path: join(paths.guard, 'residue-undo.json'), keyPath: paths.secretsKey, keepVersions: 0 }, { clock: systemClock, random: systemRandom })
  if (options['undo'] === true) return showCleaned(await undoResidue(undo), 'put back', options, terminal)
  const stores = await openStores(options, terminal)
  try {
    const finders = { known: await knownSecrets(stores, terminal), findSecrets }
    const places = await wantedPlaces(paths, options, terminal)
    if (options['apply'] === true) return showCleaned(await cleanResidue(places, finders, { undo, clock: systemClock }), 'cleaned', options, terminal)
    return showFound(await findResidue(places, finders), options, terminal)
  } finally {
    await stores.close()
  }
}

/** A store that does not answer hides its values from this search, which is said. */
async function knownSecrets(stores: ConfiguredStores, terminal: Terminal): Promise<Map<string, Secret>> {
  const names = new Set(references(stores.loaded).map(({ name }) => name))
  for (const store of stores.stores) for (const { name } of await store.list().catch(() => [])) names.add(name)
  const known = new Map<string, Secret>()
  for (const name of names) {
    const found = await stores.find(name).catch(() => {
      terminal.err(`${name} cannot be read now, so copies of it are found by their shape only`)
      return null
    })
    if (found) known.set(name, found.secret)
  }
  return known
}

/** OpenClaw's folders: ours, an adopted one, the usual one; and where somebody says. */
async function wantedPlaces(paths: StatePaths, options: Options, { env, cwd }: Terminal): Promise<ResiduePlace[]> {
  const home = env['HOME'] ?? null
  const own = [paths.openclawConfig, paths.openclawState, ...(home === null ? [] : [join(home, '.openclaw')])]
  const folder = typeof options['dir'] === 'string' ? [resolve(cwd, options['dir'])] : []
  return await residuePlaces({ openclaw: [...own, ...adopted(paths), ...folder], home, folders: [cwd] })
}

function adopted({ adoption }: StatePaths): string[] {
  if (!existsSync(adoption)) return []
  const { installation } = JSON.parse(readFileSync(adoption, 'utf8')) as { installation: { configFile: string; stateDirectory: string } }
  return [dirname(installation.configFile), installation.stateDirectory]
}

function showFound(files: readonly ResidueFile[], options: Options, terminal: Terminal): number {
  const spots = files.reduce((count, file) => count + file.spots.length, 0)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: spots === 0, applied: false, files }))
  for (const { path, spots: found, refused } of options['json'] === true ? [] : files) {
    for (const { line, what } of found) terminal.out(visible(`${path}:${line}: ${what}`))
    if (refused !== null) terminal.out(visible(`${path}: not ours to change: ${refused}`))
  }
  terminal.err(spots === 0 ? 'no old copy of a secret was found' : `${spots} found; nothing was changed: hardshell secrets clean-residue --apply (back: --undo)`)
  return spots === 0 ? 0 : 1
}

function showCleaned(files: readonly CleanedFile[], done: string, options: Options, terminal: Terminal): number {
  const ok = files.every(({ refused }) => refused === null)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok, applied: true, files }))
  for (const { path, refused } of options['json'] === true ? [] : files) terminal.out(visible(`${path}: ${refused ?? done}`))
  if (files.length === 0) terminal.err('no old copy of a secret was found')
  else if (done === 'cleaned') terminal.err('whoever read these files before still has the secrets: rotate them (hardshell secrets rotate NAME)')
  return ok ? 0 : 1
}
