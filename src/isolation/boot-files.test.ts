import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findProgram, runProgram } from '../host/index.ts'
import { bootFiles } from './boot-files.ts'

it.runIf(findProgram('systemd-analyze') !== null)('the unit that loads the rules at a start may do nothing else (systemd-analyze: 1.5 at the most)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-boot-'))
  const unit = join(folder, 'hardshell-isolation-hardshell_7.service')
  writeFileSync(unit, bootFiles({ name: 'hardshell_7' }, 'table inet x {\n}\n', folder)[1]!.text)
  const { status, out } = await runProgram(['systemd-analyze', 'security', '--offline=true', '--no-pager', '--threshold=15', unit])
  expect({ status, out }).toMatchObject({ status: 0, out: expect.stringMatching(/Overall exposure level for \S+: 1\.\d/) })
  expect(await runProgram(['systemd-analyze', 'verify', unit])).toMatchObject({ status: 0, out: '', err: '' })
  rmSync(folder, { recursive: true })
})
