import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chat } from '../journeys/chat.ts'
import { hardshell } from '../journeys/command.ts'
import { ensureProven, guardPid, newInstallation, removeInstallation, statusOf, writeSettings, type Installation } from '../journeys/installation.ts'
import { readLog } from '../journeys/log.ts'
import { askTunnel } from '../journeys/ports.ts'
import { until } from '../journeys/wait.ts'

let installation: Installation
let disk: string

beforeAll(async () => {
  installation = await newInstallation('disk-full')
  disk = join(installation.root, 'disk')
  mkdirSync(disk, { mode: 0o700 })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', disk], { encoding: 'utf8' })
  if (mounted.status !== 0) throw new Error(`this test needs a small disk of its own: ${mounted.stderr}`)
  const log = join(disk, 'audit.log')
  installation = { ...installation, log }
  writeSettings(installation, `audit:\n  log_path: ${log}\n`)
  await ensureProven(installation)
})
afterAll(async () => {
  await removeInstallation(installation).catch(() => undefined) // the mount is still in the way
  spawnSync('umount', ['-l', disk])
  rmSync(installation.root, { recursive: true, force: true })
})

describe('a log that cannot be written because its disk is full', () => {
  it('turns every answer into a refusal, and the answers come back with the space', async () => {
    expect((await chat(installation, 'SAY:room enough')).text).toBe('room enough')
    const { bavail, bsize } = statfsSync(disk)
    const ballast = join(disk, 'ballast')
    fill(ballast, bavail * bsize)
    const pid = guardPid(installation)
    const refused = await until('a refusal', 30_000, async () => {
      const turn = await chat(installation, 'SAY:nobody writes this down')
      return turn.text.includes('nobody writes this down') ? null : turn
    })
    expect(refused.status === 503 || /log/.test(refused.text), JSON.stringify(refused)).toBe(true)
    for (let i = 0; i < 5; i++) expect((await chat(installation, 'SAY:nor this')).text).not.toContain('nor this')
    expect(await askTunnel(installation.ports.egress, 'example.com:443')).toMatch(/ (403|502) /)
    expect(guardPid(installation), 'the guard itself lives on').toBe(pid)

    rmSync(ballast)
    const answered = await until('an answer', 60_000, async () => {
      const turn = await chat(installation, 'SAY:room again')
      return turn.text === 'room again' ? turn : null
    })
    expect(answered.status).toBe(200)
    expect(await ensureProven(installation)).toMatchObject({ ok: true })
    const verified = await hardshell(['audit', 'verify', '--file', installation.log, '--json'])
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, firstBad: null })
    expect(JSON.stringify(readLog(installation.log))).not.toContain('nobody writes')
    expect((await statusOf(installation))!.log.path).toBe(installation.log)
  })
})

/** Takes all the space there is: the first write may leave a rest. */
function fill(file: string, bytes: number): void {
  for (let size = bytes; size >= 1; size = Math.floor(size / 2)) {
    try {
      writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
    } catch {
      // Less fits than was asked for: half of it may.
    }
  }
}
