import { describe, expect, it } from 'vitest'
import { ExampleMachine } from '../machine.test.kit.ts'
import { findGateways } from './gateway-processes.ts'
import { findInstalled } from './installed.ts'
import { nodeVersionOf } from './node-version.ts'
import { gatewayProcess, openclawPackage } from './sample-files.ts'

async function gatewaysOf(files: Record<string, unknown>): ReturnType<typeof findGateways> {
  const machine = new ExampleMachine({ files: files as never })
  return await findGateways(machine, await findInstalled(machine))
}

describe('gateways among the processes', () => {
  it('are found by their arguments, with the package they were started from', async () => {
    const found = await gatewaysOf({ ...openclawPackage('2026.9.6'), ...gatewayProcess({ startedAfterDays: 8 }) })
    expect(found).toMatchObject([{ pid: 812, startedMs: Date.UTC(2026, 10, 9), package: { version: '2026.9.6', global: true }, exe: '/usr/bin/node', exeReplaced: false }])
  })

  it('are found once OpenClaw has written its own name over them: the unit says which package it is', async () => {
    const elsewhere = '/opt/claw/node_modules/openclaw'
    const found = await gatewaysOf({
      ...openclawPackage('2026.9.6'),
      ...gatewayProcess({ startedAfterDays: 8 }),
      '/proc/812/cmdline': 'openclaw-gateway\0\0\0\0',
      [`${elsewhere}/package.json`]: JSON.stringify({ name: 'openclaw', version: '2026.4.1' }),
      '/etc/systemd/system/openclaw-gateway.service': `[Service]\nExecStart=/usr/bin/node "${elsewhere}/dist/index.js" gateway --port 18789\n`,
    })
    expect(found).toMatchObject([{ package: { version: '2026.4.1', path: elsewhere } }])
  })

  it('are not anything else that has the word in its arguments', async () => {
    expect(await gatewaysOf({ ...gatewayProcess({ startedAfterDays: 8 }), '/proc/812/cmdline': ['vim', '/home/claw/openclaw/gateway', ''].join('\0') })).toEqual([])
  })

  it('are found on macOS by what ps says', async () => {
    // Written from ps(1) of macOS, not recorded on one.
    const out = '    1 Sat Nov  1 09:00:00 2026     /sbin/launchd\n  812 Sat Nov 21 09:30:00 2026     openclaw-gateway\n  900 Sat Nov 21 09:31:00 2026     vim openclaw gateway\n'
    const machine = new ExampleMachine({ platform: 'darwin', runs: { 'ps -axo pid=,lstart=,command=': out }, files: openclawPackage('2026.9.6') })
    expect(await findGateways(machine, await findInstalled(machine))).toMatchObject([{ pid: 812, startedMs: new Date(2026, 10, 21, 9, 30).getTime(), package: { version: '2026.9.6' }, exe: null }])
  })

  it('cannot be told where there is no /proc', async () => {
    expect(await gatewaysOf({})).toBeNull()
  })
})

describe('the version of a Node', () => {
  it('is read from the folder a version manager keeps it in', async () => {
    expect(await nodeVersionOf(new ExampleMachine({}), '/home/claw/.nvm/versions/node/v22.11.0/bin/node')).toMatchObject({ version: '22.11.0' })
  })

  it("is read from the package manager's list", async () => {
    const files = { '/var/lib/dpkg/status': 'Package: bash\nStatus: install ok installed\nVersion: 5.2\n\nPackage: nodejs\nStatus: install ok installed\nVersion: 24.16.0-1nodesource1\n' }
    expect(await nodeVersionOf(new ExampleMachine({ files }), '/usr/bin/node')).toMatchObject({ version: '24.16.0' })
  })

  it('is never had by running what a process names', async () => {
    const machine = new ExampleMachine({ runs: { '/tmp/evil --version': 'v24.16.0' } })
    expect(await nodeVersionOf(machine, '/tmp/evil')).toBeNull()
  })
})
