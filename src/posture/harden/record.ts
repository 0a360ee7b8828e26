import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HardshellError, isNodeError, readIfThere, writeFileAtomic } from '../../base/index.ts'
import { digestOf } from './hands.ts'
import type { Roots } from './site.ts'
import type { Step } from './step.ts'

/** What a run was going to do; on the disk before the first change, together with the bytes it will replace. */
export interface Run {
  id: string
  /** Wall time, ms. */
  at: number
  by: string
  profile: string
  roots: Roots
  /** Changes with every start of the machine; `''` where it cannot be told. */
  bootId: string
  /** How long it waits to be confirmed; `null` when nothing in it can lock anybody out. */
  withinMs: number | null
  steps: readonly Step[]
  /** What we may have left behind at the content of a step beside `after`, by its number: a plan is made smaller when a check does not pass. */
  amended: Readonly<Record<string, readonly string[]>>
}

/**
 * `applying` and `undoing`: under way, or somebody died at it. `pending`: in force until its deadline. `kept`: stays
 * until it is undone. `undone`: as it was before.
 */
export type RunState = 'applying' | 'pending' | 'kept' | 'undoing' | 'undone'

export interface Standing {
  state: RunState
  /** Wall time, ms; `null` unless it is pending. */
  deadlineAt: number | null
  /** What was left as somebody else had changed it. */
  left: readonly string[]
}

/** What became of a step; `void`: it was not made after all. */
export type StepWord = 'intended' | 'done' | 'void' | 'undone'

/** Where runs are kept. Every write is on the disk when its promise resolves. */
export interface Records {
  /** Makes the folder of a run and keeps the bytes of its steps in it. @throws HardshellError `posture.record-damaged` */
  begin(run: Run, backups: ReadonlyMap<number, Uint8Array>): Promise<void>
  save(run: Run): Promise<void>
  setStanding(id: string, standing: Standing): Promise<void>
  note(id: string, step: number, word: StepWord): Promise<void>
  /** Oldest first. */
  ids(): Promise<readonly string[]>
  /** `null`: nothing was ever begun under this id. @throws HardshellError `posture.record-damaged` */
  read(id: string): Promise<{ run: Run; standing: Standing; words: ReadonlyMap<number, StepWord> } | null>
  /** @throws HardshellError `posture.record-damaged` when they are not what was kept */
  backup(run: Run, step: number): Promise<Buffer>
  /** Forgets a run that never began. */
  drop(id: string): Promise<void>
}

/** Runs below a folder of the guard's own. */
export function recordsIn(folder: string): Records {
  const at = (id: string, name: string): string => join(folder, id, name)
  return {
    begin: async (run, backups) => {
      try {
        await privateFolder(folder)
        await mkdir(join(folder, run.id), { mode: 0o700 })
        for (const [step, bytes] of backups) await writeFileAtomic(at(run.id, `before-${step}`), bytes)
        await writeFileAtomic(at(run.id, 'standing.json'), JSON.stringify({ state: 'applying', deadlineAt: null, left: [] }))
        // Last: a run without a plan never began.
        await writeFileAtomic(at(run.id, 'plan.json'), JSON.stringify(run, null, 2))
      } catch (error) {
        throw error instanceof HardshellError ? error : new HardshellError('posture.record-damaged', `nothing was changed: the way back cannot be kept in ${folder}`, { cause: error, hint: 'make room there, or name another folder with --state' })
      }
    },
    save: async (run) => await writeFileAtomic(at(run.id, 'plan.json'), JSON.stringify(run, null, 2)),
    setStanding: async (id, standing) => await writeFileAtomic(at(id, 'standing.json'), JSON.stringify(standing)),
    note: async (id, step, word) => await appended(at(id, 'journal.jsonl'), JSON.stringify({ step, word })),
    ids: async () => await idsIn(folder),
    // A name from a command line is not a way to somewhere else.
    read: async (id) => (isRunId(id) ? await readRun(at, id) : null),
    backup: async (run, step) => await backupOf(at(run.id, `before-${step}`), run, step),
    drop: async (id) => await rm(join(folder, id), { recursive: true, force: true }),
  }
}

/** Ours alone: whoever else could write in it would say what is put back. */
export async function privateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const status = await lstat(folder)
  if (status.isDirectory() && status.uid === process.geteuid?.() && (status.mode & 0o077) === 0) return
  throw new HardshellError('posture.record-damaged', `${folder} is open to others: nothing that undoes a change may lie there`, { hint: `chmod 700 ${folder}, or name another folder with --state` })
}

async function appended(path: string, line: string): Promise<void> {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants
  const file = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
  try {
    // A line somebody died in ends before ours begins.
    await file.writeFile(`\n${line}\n`)
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function idsIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory() && isRunId(entry.name)).map(({ name }) => name).sort()
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return []
    throw error
  }
}

/** A run's name as `harden list` prints it: when, and a few letters of chance. */
export function isRunId(text: string): boolean {
  return /^\d{8}-\d{6}-[0-9a-f]{6}$/.test(text)
}

async function readRun(at: (id: string, name: string) => string, id: string): ReturnType<Records['read']> {
  const plan = await readIfThere(at(id, 'plan.json'))
  if (plan === null) return null
  try {
    const standing = JSON.parse((await readIfThere(at(id, 'standing.json'))) ?? '') as Standing
    return { run: JSON.parse(plan) as Run, standing, words: wordsIn((await readIfThere(at(id, 'journal.jsonl'))) ?? '') }
  } catch (error) {
    throw damaged(id, error)
  }
}

/** The last word on each step. A line that was cut off tells of something that had not been begun. */
function wordsIn(journal: string): Map<number, StepWord> {
  const words = new Map<number, StepWord>()
  for (const line of journal.split('\n')) {
    try {
      const { step, word } = JSON.parse(line) as { step: number; word: StepWord }
      words.set(step, word)
    } catch {
      continue
    }
  }
  return words
}

async function backupOf(path: string, run: Run, step: number): Promise<Buffer> {
  const [bytes, meant] = [await readFile(path).catch(() => null), run.steps[step]]
  if (bytes === null || (meant?.kind !== 'content' && meant?.kind !== 'kept') || meant.before === null || digestOf(bytes) !== meant.before.sha256) {
    throw new HardshellError('posture.record-damaged', `what was kept of step ${step} of run ${run.id} is not what was there`, { hint: `look at ${path}` })
  }
  return bytes
}

function damaged(id: string, cause: unknown): HardshellError {
  return new HardshellError('posture.record-damaged', `the record of run ${id} cannot be read: nothing is undone on its word`, { cause, hint: 'its backups are beside it: before-N for step N of plan.json' })
}
