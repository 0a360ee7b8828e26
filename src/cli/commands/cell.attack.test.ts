import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { takeFileLock } from '../../base/index.ts'
import { cellFolders } from '../../cells/index.ts'
import { statePaths } from '../../guard/paths.ts'
import type { Terminal } from '../terminal.ts'
import { createTheCell, removeTheCell } from './cell.ts'

const root = mkdtempSync(join(tmpdir(), 'hardshell-cell-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const terminal = { out: () => undefined, err: () => undefined, env: {}, cwd: root } as unknown as Terminal

it('a cell whose guard is starting, or hangs and answers nobody, is not removed below it', async () => {
  await createTheCell('a', { root, daily: '5', monthly: '50' }, terminal)
  const { state } = cellFolders(root, 'a')
  mkdirSync(join(state, 'guard/audit'), { recursive: true })
  const taken = await takeFileLock(`${statePaths(state).auditLog}.lock`, 0o600)
  await expect(removeTheCell('a', { root, yes: true }, terminal)).rejects.toMatchObject({ code: 'cells.running' })
  expect(existsSync(state)).toBe(true)
  if ('lock' in taken) await taken.lock.release()
  expect(await removeTheCell('a', { root, yes: true }, terminal)).toBe(0)
  expect(existsSync(state)).toBe(false)
})
