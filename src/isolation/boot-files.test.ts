import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findProgram, runProgram } from '../host/index.ts'
import { bootFiles, restoreFiles, writeBootFiles } from './boot-files.ts'

it.runIf(findProgram('systemd-analyze') !== null)('the unit that loads the rules at a start may do nothing else (systemd-analyze: 1.5 at the most)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-boot-'))
  const unit = join(folder, 'hardshell-isolation-hardshell_7.service')
  writeFileSync(unit, bootFiles({ name: 'hardshell_7' }, 'table inet x {\n}\n', folder)[1]!.text)
  const { status, out } = await runProgram(['systemd-analyze', 'security', '--offline=true', '--no-pager', '--threshold=15', unit])
  expect({ status, out }).toMatchObject({ status: 0, out: expect.stringMatching(/Overall exposure level for \S+: 1\.\d/) })
  expect(await runProgram(['systemd-analyze', 'verify', unit])).toMatchObject({ status: 0, out: '', err: '' })
  rmSync(folder, { recursive: true })
})

it('leaves nothing behind when it is taken back: no link that switches the unit on, no empty folder', async () => {
  const etc = mkdtempSync(join(tmpdir(), 'hardshell-etc-'))
  const written = await writeBootFiles(bootFiles({ name: 'hardshell_7' }, 'table inet x {\n}\n', etc))
  const unit = written[1]!.path
  mkdirSync(join(etc, 'systemd/system/sysinit.target.wants'))
  symlinkSync(unit, join(etc, 'systemd/system/sysinit.target.wants/hardshell-isolation-hardshell_7.service')) // systemctl enable
  await restoreFiles(written)
  expect(readdirSync(etc, { recursive: true })).toEqual(['systemd', 'systemd/system', 'systemd/system/sysinit.target.wants'])

  mkdirSync(join(etc, 'hardshell'))
  writeFileSync(join(etc, 'hardshell/mine'), '')
  await restoreFiles(await writeBootFiles(bootFiles({ name: 'hardshell_7' }, 'table inet x {\n}\n', etc)))
  expect(readdirSync(join(etc, 'hardshell'))).toEqual(['mine'])
  rmSync(etc, { recursive: true })
})
