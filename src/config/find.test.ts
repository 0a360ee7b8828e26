import { describe, expect, it } from 'vitest'
import { fakeDisk } from './disk.test.fake.ts'
import { findConfig } from './find.ts'

const ours = { 'network.yaml': '' }
const everywhere = {
  '/flag': ours,
  '/variable': ours,
  '/srv/.openclaw': ours,
  '/etc/openclaw': ours,
  '/home/ann/.openclaw': ours,
}
const where = { env: {}, cwd: '/srv', home: '/home/ann' }

describe('where the configuration is looked for', () => {
  it('takes the first of: flag, variable, working directory, /etc, home', async () => {
    const disk = fakeDisk(everywhere)
    const variable = { HARDSHELL_CONFIG: '/variable' }
    expect(
      await findConfig({ ...where, flag: '/flag', env: variable }, disk),
    ).toEqual({ directory: '/flag', by: '--config' })
    expect(
      await findConfig({ ...where, env: variable }, disk),
    ).toEqual({ directory: '/variable', by: 'HARDSHELL_CONFIG' })

    const left: Record<string, typeof ours> = { ...everywhere }
    for (const directory of ['/srv/.openclaw', '/etc/openclaw', '/home/ann/.openclaw']) {
      expect(await findConfig(where, fakeDisk(left))).toEqual({ directory, by: 'search' })
      delete left[directory]
    }
    expect(await findConfig(where, fakeDisk(left))).toBeNull()
  })

  it('passes by a state directory of OpenClaw, which holds none of our files', async () => {
    const disk = fakeDisk({ '/srv/.openclaw': { 'openclaw.json': '{}' }, '/home/ann/.openclaw': ours })
    expect((await findConfig(where, disk))?.directory).toBe('/home/ann/.openclaw')
  })

  it('reads a named directory from the working directory on', async () => {
    const disk = fakeDisk({ '/srv/rules': ours })
    expect((await findConfig({ ...where, flag: 'rules' }, disk))?.directory).toBe('/srv/rules')
  })

  it('ends where a named directory does not exist, instead of running with other rules', async () => {
    await expect(findConfig({ ...where, flag: '/gone' }, fakeDisk(everywhere))).rejects.toMatchObject({
      code: 'config.missing',
      message: 'there is no directory /gone, which --config names',
    })
  })

  it('ends where a named directory holds none of our files', async () => {
    const disk = fakeDisk({ ...everywhere, '/empty': { 'openclaw.json': '{}' } })
    await expect(findConfig({ ...where, env: { HARDSHELL_CONFIG: '/empty' } }, disk)).rejects.toMatchObject({
      code: 'config.missing',
      message: '/empty, which HARDSHELL_CONFIG names, holds none of our files',
    })
  })

  it('ends where it may not look, since the rules may be there', async () => {
    const disk = fakeDisk(everywhere)
    const closed = { ...disk, folder: () => Promise.reject(new Error('EACCES: permission denied')) }
    await expect(findConfig(where, closed)).rejects.toMatchObject({ code: 'config.unreadable' })
  })

  it('does without a home', async () => {
    expect(await findConfig({ env: {}, cwd: '/srv', home: null }, fakeDisk({}))).toBeNull()
  })
})
