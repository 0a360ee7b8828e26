import { describe, expect, it } from 'vitest'
import { gather } from '../gather.ts'
import { judge } from '../judge.ts'
import { ExampleMachine } from '../machine.test.kit.ts'
import { mac as checks } from '../checks/mac.ts'
import type { Example } from '../example.ts'
import { parsePlist } from './mac-launchd.ts'
import { launchdJob, macWith } from './mac-sample.ts'
import type { MacFacts } from './mac.ts'

async function factsOf(example: Example): Promise<MacFacts> {
  const { mac } = await gather(new ExampleMachine(example).subject(), ['mac'])
  if (!mac?.known) throw new Error(mac?.why)
  return mac.value
}

describe('a Mac', () => {
  it('that is well set up fails no check', async () => {
    expect(judge(checks, await gather(new ExampleMachine(macWith()).subject(), ['mac']))).toMatchObject({ findings: [], unknown: [] })
  })

  it.each([
    ['fileVault', { 'fdesetup status': 'FileVault is Off.\nEncryption in progress: Percent completed = 23\n' }, 'encrypting'],
    ['firewall', { '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate': 'Firewall is blocking all non-essential incoming connections. (State = 2)\n' }, true],
    ['stealth', { '/usr/libexec/ApplicationFirewall/socketfilterfw --getstealthmode': 'Stealth mode enabled\n' }, true],
    ['screenLock', { 'sysadminctl -screenLock status': { out: '', err: 'sysadminctl[1:2] screenLock delay is 300 seconds\n', status: 0 } }, 300],
    ['user', { 'dscl . -read /Groups/admin GroupMembership': 'GroupMembership: root claw\n' }, { name: 'claw', isAdmin: true }],
  ] as const)('says %s in the words of its tools', async (name, runs, value) => {
    expect((await factsOf(macWith(runs)))[name]).toEqual({ known: true, value })
  })

  it.each([
    ['remoteLogin', { 'systemsetup -getremotelogin': 'You need administrator access to run this tool... exiting!\n' }, 'systemsetup wants more rights'],
    ['accessibility', { "sqlite3 -readonly /Library/Application Support/com.apple.TCC/TCC.db select client from access where service = 'kTCCServiceAccessibility' and auth_value = 2": { out: '', err: 'Error: unable to open database "TCC.db": authorization denied\n', status: 1 } }, 'full disk access'],
    ['sip', { 'csrutil status': 'something new\n' }, 'what we do not understand: something new'],
    ['autoLogin', { 'defaults read /Library/Preferences/com.apple.loginwindow autoLoginUser': { out: '', err: 'could not be read\n', status: 1 } }, 'did not say'],
  ])('that does not tell %s is unknown there, and nowhere else', async (name, runs, why) => {
    const facts = await factsOf(macWith(runs))
    expect(facts[name as keyof MacFacts]).toMatchObject({ known: false, why: expect.stringContaining(why) as string })
    expect(Object.values(facts).filter(({ known }) => !known)).toHaveLength(1)
  })

  it('is not asked about where it is none', async () => {
    const judged = judge(checks, await gather(new ExampleMachine({}).subject(), ['mac']))
    expect(judged).toMatchObject({ findings: [], unknown: [], passed: [] })
    expect(judged.skipped).toHaveLength(checks.length)
  })
})

describe('a property list', () => {
  it('is read with its nested values and escapes', () => {
    expect(parsePlist(launchdJob({ user: 'claw', environment: { A_B: 'x &amp; &lt;y&gt;' } }), 'it')).toEqual({
      Label: 'ai.openclaw.gateway',
      ProgramArguments: ['/usr/local/bin/node', '/usr/local/lib/node_modules/openclaw/dist/index.js', 'gateway'],
      RunAtLoad: true,
      UserName: 'claw',
      EnvironmentVariables: { A_B: 'x & <y>' },
    })
  })

  it.each([
    ['binary', 'bplist00...', 'binary format'],
    ['cut short', launchdJob().slice(0, 300), 'too early'],
    ['no dictionary', '<plist><array></array></plist>', 'no dictionary'],
    ['without an end', `<plist>${'<array>'.repeat(100)}`, 'too deep'],
  ])('that is %s is refused', (_, text, why) => {
    expect(() => parsePlist(text, 'it')).toThrow(why)
  })
})
