import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

// Each file of tests has a temporary folder of its own, and nothing of it stays behind. The name is short because paths
// of sockets may have 107 characters; everybody may write there, as tests try what other users can do.
const before = process.env['TMPDIR']
const folder = mkdtempSync(join(tmpdir(), 'hs-'))
chmodSync(folder, 0o1777)
process.env['TMPDIR'] = folder

afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
