import { existsSync, readFileSync } from 'node:fs'
import { HardshellError } from '../base/index.ts'
import { locateOpenClaw, type OpenClaw } from '../openclaw/index.ts'
import { ourFolder } from './our-folder.ts'
import type { StatePaths } from './paths.ts'

/** The OpenClaw an upgrade put in the place of the one that came with us. */
export interface Chosen {
  packageRoot: string
  version: string
}

/** What the last upgrade chose; `null`: none did, or the OpenClaw in use was exchanged where it lies. @throws HardshellError `guard.upgrade-record` */
export function readChosen({ chosenOpenclaw }: Pick<StatePaths, 'chosenOpenclaw'>): Chosen | null {
  if (!existsSync(chosenOpenclaw)) return null
  try {
    const { packageRoot, version } = JSON.parse(readFileSync(chosenOpenclaw, 'utf8')) as Partial<Chosen>
    if (typeof packageRoot === 'string' && typeof version === 'string') return { packageRoot, version }
  } catch {
    // said below
  }
  throw new HardshellError('guard.upgrade-record', `${chosenOpenclaw} does not name an OpenClaw`, { hint: 'hardshell upgrade list tells which one was in use; then: hardshell upgrade --to VERSION --openclaw PATH' })
}

/**
 * The OpenClaw a start would run: what was named, what an upgrade chose, what lies beside us, what is on PATH.
 * @throws HardshellError `openclaw.not-found`; also when the chosen one is gone: an older one would meet newer data
 */
export function locateChosen({ paths, openclaw, env }: { paths: Pick<StatePaths, 'chosenOpenclaw' | 'runtime'>; openclaw: string | undefined; env: NodeJS.ProcessEnv }): OpenClaw {
  const places = { folders: [ourFolder('.'), paths.runtime], path: env['PATH'] }
  if (openclaw !== undefined) return locateOpenClaw({ ...places, explicit: openclaw })
  const chosen = readChosen(paths)
  if (chosen === null) return locateOpenClaw(places)
  try {
    return locateOpenClaw({ ...places, explicit: chosen.packageRoot })
  } catch (cause) {
    throw new HardshellError('openclaw.not-found', `OpenClaw ${chosen.version}, which an upgrade chose, is not in ${chosen.packageRoot} any more`, {
      cause,
      hint: `hardshell upgrade --to ${chosen.version} brings it back; an older one would meet data of a newer one`,
    })
  }
}
