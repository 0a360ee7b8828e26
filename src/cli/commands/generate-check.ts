import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HardshellError, isNodeError } from '../../base/index.ts'
import { exposureOf, unitsOf, type ProfileFile, type UnitVerdict } from '../../profiles/index.ts'

/** A unit as systemd's own tool judges it. */
export interface CheckedUnit extends UnitVerdict {
  /** What `systemd-analyze verify` complains about; empty: nothing. */
  complaints: string[]
  ok: boolean
}

/**
 * Has systemd judge the units of a profile without installing them.
 * @throws HardshellError `cli.tool-missing` where there is no `systemd-analyze`
 */
export async function checkUnits(files: readonly ProfileFile[]): Promise<CheckedUnit[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hardshell-units-'))
  try {
    for (const { path, text } of files) await writeFile(join(folder, path), text)
    const checked: CheckedUnit[] = []
    for (const { path, limit } of unitsOf(files)) checked.push(await checkUnit(folder, path, limit))
    return checked
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function checkUnit(folder: string, name: string, limit: number): Promise<CheckedUnit> {
  const judged = await analyze(['security', '--offline=true', '--no-pager', join(folder, name)])
  const verified = await analyze(['verify', '--man=no', join(folder, name)])
  const exposure = exposureOf(judged.output)
  // The tool also names units of the machine that have mistakes of their own; those are not ours to answer for.
  const complaints = verified.output.split('\n').filter((line) => line.includes(name) || line.includes(folder))
  return { unit: name, exposure, limit, complaints, ok: exposure !== null && exposure <= limit && complaints.length === 0 }
}

function analyze(args: string[]): Promise<{ output: string }> {
  return new Promise((resolve, reject) => {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' }
    execFile('systemd-analyze', args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (isNodeError(error, 'ENOENT')) reject(new HardshellError('cli.tool-missing', 'systemd-analyze is not installed', { hint: 'run it where systemd is, or leave --check out' }))
      else resolve({ output: `${stdout}\n${stderr}` })
    })
  })
}
