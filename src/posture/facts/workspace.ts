import { posix } from 'node:path'
import type * as Content from '../../content/index.ts'
import { findSecrets, redactSecrets } from '../../content/secrets/index.ts'
import { stateDirOf, type FactReader } from '../subject.ts'
import { pathsIn, seeFile, type SeenFile } from './seen-files.ts'
import { workspaceFolders } from './workspace-folders.ts'

/** A file agents read as their own orders or memory, and what is in it: places and kinds. */
export interface PersonaFile extends SeenFile {
  /** `memory`: what they wrote down themselves; `orders`: what tells them who they are. */
  role: 'memory' | 'orders'
  secrets: readonly Spot[]
  /** Characters a person does not see and a model reads. */
  hidden: readonly Spot[]
  /** Sentences as injections have them. Only for memory: orders are what the others are made of. */
  foreign: readonly Spot[]
  /** For changes, and for nothing that is shown. */
  text: string
  withoutSecrets: string
  withoutHidden: string
}

export interface Spot {
  line: number
  what: string
}

export interface WorkspaceFacts {
  folders: readonly SeenFile[]
  files: readonly PersonaFile[]
}

// Daily notes of two years; an agent is given a few of them at a time.
const maxNotes = 800
// Judging a text takes a millisecond for some ten thousand characters: a second and a half for all of these.
const maxCharacters = 8 * 1024 * 1024
const maxFolders = 1000
const maxBytes = 1024 * 1024
const orders = ['AGENTS.md', 'SOUL.md', 'IDENTITY.md', 'USER.md', 'TOOLS.md', 'HEARTBEAT.md', 'BOOTSTRAP.md', 'BOOT.md']
const memories = ['MEMORY.md', 'memory.md']

/** The files of each agent's workspace that are put into its prompt (docs, concepts/agent-workspace). */
export const workspace: FactReader<WorkspaceFacts> = {
  deadlineMs: 10_000,
  async read(subject, ask, leave) {
    const { files } = subject
    const stateDir = stateDirOf(subject)
    const config = await ask('config').catch(() => null)
    const found: PersonaFile[] = []
    const folders: SeenFile[] = []
    let content: typeof Content | null = null
    const places = workspaceFolders(config, stateDir, files.home)
    if (places.length > maxFolders) leave({ part: 'workspace.folders', what: 'workspaces', at: stateDir, looked: maxFolders, of: places.length })
    let left = maxCharacters
    for (const folder of places.slice(0, maxFolders)) {
      const seen = await seeFile(files, folder)
      if (seen?.kind !== 'folder') continue
      folders.push(seen)
      const notes = await pathsIn(files, posix.join(folder, 'memory'), (name) => name.endsWith('.md'))
      const paths = [...[...orders, ...memories].map((name) => posix.join(folder, name)), ...notes.slice(-maxNotes)]
      if (notes.length > maxNotes) leave({ part: 'workspace.files', what: 'notes', at: posix.join(folder, 'memory'), looked: maxNotes, of: notes.length, next })
      for (const [index, path] of paths.entries()) {
        if (left <= 0) {
          leave({ part: 'workspace.files', what: 'files', at: folder, looked: index, of: paths.length, next })
          break
        }
        const file = await seeFile(files, path)
        if (file?.kind !== 'file') continue
        const text = (await files.text(path, maxBytes)) ?? ''
        left -= text.length
        // What judges texts is loaded for the first that has to be judged: most audits have none.
        content ??= await import('../../content/index.ts')
        found.push({ ...file, ...look(text, content, orders.includes(posix.basename(path)) ? 'orders' : 'memory') })
      }
    }
    return { folders, files: found }
  },
}

const next = 'hardshell compromise assess'

let inspect: ReturnType<typeof Content.createInspector> | null = null

function look(text: string, { createInspector, injectionThresholds, replaceSpans }: typeof Content, role: PersonaFile['role']): Omit<PersonaFile, keyof SeenFile> {
  const lineOf = (at: number): number => text.slice(0, at).split('\n').length
  const secrets = findSecrets(text).map(({ type, start }) => ({ line: lineOf(start), what: type }))
  inspect ??= createInspector()
  const seen = inspect(text, 'doc')
  const hidden = seen.signals.filter(({ id }) => id.startsWith('smuggled.') && id !== 'smuggled.mixed-script')
  // Below that a sentence is only odd; a memory is full of odd sentences.
  const certain = seen.score >= injectionThresholds.block
  const foreign = role === 'memory' && certain ? seen.signals.filter(({ id }) => id.startsWith('injection.')) : []
  const spots = (found: readonly { id: string; start: number }[]): Spot[] => found.map(({ id, start }) => ({ line: lineOf(start), what: id.replace(/^(?:smuggled|injection)\./, '') }))
  return { role, secrets, hidden: spots(hidden), foreign: spots(foreign), text, withoutSecrets: redactSecrets(text), withoutHidden: replaceSpans(text, apart(hidden), () => '') }
}

function apart(spans: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  let end = -1
  return [...spans].sort((a, b) => a.start - b.start).filter((span) => {
    if (span.start < end) return false
    end = span.end
    return true
  })
}
