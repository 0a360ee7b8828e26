import { changedMeanwhile } from './edit.ts'
import { digestOf, type Hands } from './hands.ts'
import type { Run } from './record.ts'
import type { Site } from './site.ts'
import type { CommandStep, KeptStep, Step } from './step.ts'

// ufw(8), FILES: what `ufw allow`, `default`, `enable` and their like write. Its own undo knows neither the order of rules
// nor whether one was there before.
const writtenBy: Readonly<Record<string, readonly string[]>> = { ufw: ['/etc/default/ufw', '/etc/ufw/ufw.conf', '/etc/ufw/user.rules', '/etc/ufw/user6.rules'] }
const isWritten = (path: string): boolean => Object.values(writtenBy).some((paths) => paths.includes(path))

/** The steps with one for each file that a command of theirs writes, before the first of its part. */
export async function keptSteps(steps: readonly Step[], host: Site['hands']['host']): Promise<readonly Step[]> {
  const kept: KeptStep[] = []
  for (const [program, paths] of Object.entries(writtenBy)) {
    const commands = steps.filter((step): step is CommandStep => step.kind === 'command' && step.do[0] === program)
    const [first] = commands
    if (first === undefined || host === null) continue
    for (const path of paths) {
      const seen = await host.look(path)
      if (seen?.bytes == null) continue // comes with the package, and goes with it
      const { mode, uid, gid } = seen
      kept.push({ kind: 'kept', on: 'host', path, part: first.part, checks: [...new Set(commands.flatMap(({ checks }) => checks))], before: { mode, uid, gid, sha256: digestOf(seen.bytes) } })
    }
  }
  return steps.flatMap((step, index) => [...kept.filter(({ part }) => step.part === part && steps.findIndex((other) => other.part === part) === index), step])
}

/** The bytes to keep. @throws HardshellError `posture.changed-meanwhile` */
export async function keptNow({ path, before }: KeptStep, host: Hands): Promise<Buffer> {
  const bytes = (await host.look(path))?.bytes
  if (bytes == null || digestOf(bytes) !== before.sha256) throw changedMeanwhile(path)
  return bytes
}

/** The run with what its commands have left in files as its own, so that a later undo tells it from what others wrote. */
export async function withWritten(run: Run, host: Site['hands']['host']): Promise<Run> {
  const amended = { ...run.amended }
  for (const [index, step] of run.steps.entries()) {
    if (host === null || (step.kind !== 'kept' && step.kind !== 'content') || !isWritten(step.path)) continue
    const bytes = (await host.look(step.path))?.bytes
    if (bytes != null) amended[index] = [...(amended[index] ?? []), digestOf(bytes)]
  }
  return { ...run, amended }
}
