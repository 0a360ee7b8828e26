import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

// A machine on which a program of the sandbox is not, or does nothing: /usr/bin with one change, for one process.
const isRoot = process.getuid?.() === 0
const here = import.meta.dirname
const ask = `
const { foreseeSandbox } = await import(${JSON.stringify(join(here, 'sandbox.ts'))})
const { sandboxSettings } = await import(${JSON.stringify(join(here, '../sandbox/index.ts'))})
const { overlay, missing } = await foreseeSandbox({ paths: { sandbox: process.argv[1] + '/s', run: process.argv[1] }, config: { sandbox: sandboxSettings.parse({}), agents: { defaults: {} } }, user: null })
console.log(JSON.stringify({ backend: overlay.backend, missing }))`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-missing-'))
  for (const name of ['upper', 'work']) mkdirSync(join(folder, name))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function on(change: string, command: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  // The layers lie in memory: an overlay does not stack on every file system.
  const layers = `mount -t tmpfs tmpfs ${folder} && mkdir ${folder}/upper ${folder}/work && mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=${folder}/upper,workdir=${folder}/work /usr/bin`
  return spawnSync('unshare', ['--mount', '--propagation', 'private', '--', '/bin/sh', '-c', `${layers} && ${change} && exec "$@"`, 'sh', ...command], { encoding: 'utf8', env: { ...process.env, HOME: folder } })
}

const hardshell = (...args: string[]): string[] => [process.execPath, join(here, '../cli/main.ts'), ...args]
const foresee = [process.execPath, '--input-type=module', '-e', ask, '/run']
// Bubblewrap's own words end with `--`, those of our last step with another: what comes then is the command.
const idle = `printf '%s\\n' '#!/bin/sh' 'for part in 1 2; do while [ "$1" != -- ]; do shift; done; shift; done; exec "$@"' > /usr/bin/bwrap && chmod 755 /usr/bin/bwrap`

describe.runIf(isRoot)('a machine without a program of the sandbox', () => {
  it.each([['bwrap', 'bubblewrap'], ['perl', 'perl-base'], ['python3', 'python3']])('gets no sandbox without %s, and is told what to type', (program, debianPackage) => {
    const { status, stdout, stderr } = on(`rm /usr/bin/${program}`, hardshell('sandbox', 'run', '--', '/bin/echo', 'ran outside'))
    expect({ status, stdout }).toEqual({ status: 6, stdout: '' })
    expect(stderr).toContain(`not installed: /usr/bin/${program}`)
    expect(stderr).toContain(`try: apt install ${debianPackage}`)
  }, 60_000)

  it.each([['it is not there', 'rm /usr/bin/bwrap'], ['it starts the command and builds no wall', idle]])('gives agents no shell and no files where bubblewrap is missing in the sense that %s', (_how, change) => {
    expect(JSON.parse(on('true', foresee).stdout), 'the same with the program in its place').toEqual({ backend: 'ssh', missing: false })
    const { stdout, stderr } = on(change, foresee)
    expect(stderr + stdout).toContain('{')
    expect(JSON.parse(stdout)).toEqual({ backend: 'off', missing: true })
  }, 60_000)
})
