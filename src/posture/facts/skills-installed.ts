import { isRecord } from '../../base/index.ts'
import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { wordsAt } from '../config-values.ts'
import { stateDirOf, type FactReader, type Leave } from '../subject.ts'
import { pathsIn, seeFile, type SeenFile } from './seen-files.ts'
import { workspaceFolders } from './workspace-folders.ts'
import { fromHome } from '../home-folder.ts'

/** A skill that agents are given. */
export interface InstalledSkill {
  /** As `skills.entries` knows it. */
  name: string
  path: string
  /** The folder it is, and its files. */
  files: readonly SeenFile[]
  /** Where `SKILL.md` really lies when that is outside of the folder skills were looked for in. */
  outside: string | null
  /** What runs, or is to be run by somebody, when it is installed. */
  scripts: readonly string[]
}

export interface SkillsInstalledFacts {
  skills: readonly InstalledSkill[]
  /** Folders named by `skills.load.extraDirs`, `null` where there is none. */
  extra: readonly { named: string; folder: SeenFile | null }[]
}

// The largest skill of the public archive holds some two hundred files; all together are looked at in half a second.
const maxFiles = 2000
const maxFilesInAll = 15_000
const maxDepth = 3
const maxSkills = 2000

export const skillsInstalled: FactReader<SkillsInstalledFacts> = {
  deadlineMs: 10_000,
  async read(subject, ask, leave) {
    const { files } = subject
    const stateDir = stateDirOf(subject)
    const config = await ask('config').catch(() => null)
    const named = config === null ? [] : wordsAt(config, 'skills.load.extraDirs')
    const absolute = (path: string): string => posix.resolve(stateDir, fromHome(path.trim(), files.home))
    const workspaces = workspaceFolders(config, stateDir, files.home)
    const roots = [
      ...workspaces.map((workspace) => ({ root: posix.join(workspace, 'skills'), bounds: workspace })),
      { root: posix.join(stateDir, 'skills'), bounds: stateDir },
      ...named.map((path) => ({ root: absolute(path), bounds: absolute(path) })),
    ]
    const skills: InstalledSkill[] = []
    let left = maxFilesInAll
    for (const { root, bounds } of roots) {
      const paths = await pathsIn(files, root, (name) => !name.startsWith('.'))
      for (const [index, path] of paths.entries()) {
        if (index >= maxSkills || left <= 0) {
          leave({ part: 'skillsInstalled', what: 'skills', at: root, looked: index, of: paths.length, next })
          break
        }
        const skill = await skillIn(files, path, { bounds, room: Math.min(left, maxFiles), leave })
        if (skill === null) continue
        skills.push(skill)
        left -= skill.files.length
      }
    }
    const extra = await Promise.all(named.map(async (name) => ({ named: name, folder: await seeFile(files, absolute(name)) })))
    return { skills, extra }
  },
}

// It walks for as long as it is given.
const next = 'hardshell compromise assess'

async function skillIn(files: Machine, path: string, { bounds, room, leave }: { bounds: string; room: number; leave: Leave }): Promise<InstalledSkill | null> {
  const [folder, skill] = await Promise.all([seeFile(files, path), seeFile(files, posix.join(path, 'SKILL.md'))])
  if (folder === null || skill === null) return null
  const text = (await files.text(skill.path)) ?? ''
  const below: SeenFile[] = []
  if (!(await filesBelow(files, path, { depth: maxDepth, into: below, room }))) leave({ part: 'skillsInstalled.files', what: 'files', at: path, looked: below.length, of: null, next })
  const ends = [folder, skill].map(({ link, path: at }) => link ?? at).filter((end) => !end.startsWith(`${bounds}/`))
  return {
    name: /^name:\s*["']?([\w .-]+)/m.exec(headOf(text))?.[1]?.trim() ?? posix.basename(path),
    path,
    files: [folder, ...below],
    outside: ends[0] ?? null,
    scripts: [...(await lifecycleScripts(files, path)), ...installWords(text)],
  }
}

/** Whether that was all of them. */
async function filesBelow(files: Machine, folder: string, walk: { depth: number; into: SeenFile[]; room: number }): Promise<boolean> {
  for (const path of await pathsIn(files, folder, (name) => name !== 'node_modules' && name !== '.git')) {
    if (walk.into.length >= walk.room) return false
    const file = await seeFile(files, path)
    if (file === null) continue
    walk.into.push(file)
    // A link is not gone into: it may lead back.
    if (file.kind === 'folder' && file.link === null && walk.depth > 1 && !(await filesBelow(files, path, { ...walk, depth: walk.depth - 1 }))) return false
  }
  return true
}

async function lifecycleScripts(files: Machine, path: string): Promise<string[]> {
  const text = await files.text(posix.join(path, 'package.json'))
  if (text === null) return []
  try {
    const document: unknown = JSON.parse(text)
    const scripts = isRecord(document) && isRecord(document['scripts']) ? document['scripts'] : {}
    return ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => typeof scripts[name] === 'string').map((name) => `package.json ${name}`)
  } catch {
    return []
  }
}

// What is fetched and run in one breath, in a shell of either kind. Shapes only: what a skill does is looked at by others.
const pipes: readonly (readonly [string, RegExp])[] = [
  ['a download that is piped into a shell', /\b(?:curl|wget)\b[^\n|]{0,400}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/i],
  ['an encoded text that is piped into a shell', /\bbase64\s+(?:-d|-D|--decode)\b[^\n|]{0,200}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/i],
  ['a download that PowerShell runs', /\b(?:iwr|irm|invoke-webrequest|invoke-restmethod)\b[^\n|]{0,400}\|\s*(?:iex|invoke-expression)\b/i],
]

function installWords(text: string): string[] {
  return pipes.filter(([, shape]) => shape.test(text)).map(([what]) => `SKILL.md: ${what}`)
}

function headOf(text: string): string {
  return /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? ''
}
