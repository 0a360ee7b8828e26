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

  // As people pasted it from their own Macs, under the issue named.
  it.each([
    ['lionheart/openradar-mirror#5820, OS X 10.11', 'sip', { 'csrutil status': 'System Integrity Protection status: enabled (Custom Configuration).\n\nConfiguration:\n    Apple Internal: disabled\n    Kext Signing: disabled\n    Filesystem Protections: disabled\n    Debugging Restrictions: disabled\n    DTrace Restrictions: disabled\n    NVRAM Protections: disabled\n\nThis is an unsupported configuration, likely to break in the future and leave your machine in an unknown state.\n' }, false],
    ['foxlet/macOS-Simple-KVM#363, macOS 11', 'sip', { 'csrutil status': 'System Integrity Protection status: unknown (Custom Configuration).\n\nConfiguration:\n\tApple Internal: disabled\n\tKext Signing: disabled\n\tFilesystem Protections: disabled\n\tDebugging Restrictions: enabled\n\tDTrace Restrictions: enabled\n\tNVRAM Protections: enabled\n\tBaseSystem Verification: enabled\n' }, false],
    ['osy/HaC-Mini#196, macOS 10.15', 'sip', { 'csrutil status': 'System Integrity Protection status: disabled (Apple Internal).\n' }, false],
    ['CatMe0w/zouxian#10, macOS 14', 'sip', { 'csrutil status': 'System Integrity Protection status: unknown (Custom Configuration).\n\nConfiguration:\n\tApple Internal: disabled\n\tKext Signing: enabled\n\tFilesystem Protections: enabled\n\tDebugging Restrictions: disabled\n\tDTrace Restrictions: enabled\n\tNVRAM Protections: enabled\n\tBaseSystem Verification: enabled\n\tBoot-arg Restrictions: enabled\n\tKernel Integrity Protections: enabled\n\tAuthenticated Root Requirement: enabled\n' }, false],
    ['kristovatlas/osx-config-check#102, OS X 10.11.6', 'sip', { 'csrutil status': 'System Integrity Protection status: enabled.\n' }, true],
    ['5T33Z0/Gigabyte-Z490-Vision-G-Hackintosh-OpenCore#31, macOS 13', 'sleep', { 'pmset -g': 'System-wide power settings:\nCurrently in use:\n standby              1\n Sleep On Power Button 1\n womp                 1\n hibernatefile        /var/vm/sleepimage\n proximitywake        1\n powernap             1\n networkoversleep     0\n disksleep            10\n standbydelayhigh     86400\n sleep                1 (sleep prevented by sharingd, coreaudiod)\n hibernatemode        3\n ttyskeepawake        1\n displaysleep         20\n tcpkeepalive         1\n highstandbythreshold 50\n standbydelaylow      86400\n' }, 1],
    ['momenbasel/PureMac#176, macOS 15', 'firewall', { '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate': 'Firewall is blocking all non-essential incoming connections. (State = 2)\n' }, true],
    ['rgcr/m-cli#160, macOS 11', 'firewall', { '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate': 'Firewall is disabled. (State = 0)\n' }, false],
    ['Homebrew/brew#15476, macOS 13', 'gatekeeper', { 'spctl --status': 'assessments disabled\n' }, false],
    ['nix-darwin/nix-darwin#992, macOS 14.5 (written as `defaults` does)', 'updates', { 'defaults read /Library/Preferences/com.apple.SoftwareUpdate': '{\n    AutomaticallyInstallMacOSUpdates = 0;\n    LastAttemptBuildVersion = "14.5 (23F79)";\n    LastResultCode = 2;\n    LastSessionSuccessful = 1;\n    LastUpdatesAvailable = 0;\n}\n' }, { AutomaticallyInstallMacOSUpdates: false, LastSessionSuccessful: true, LastUpdatesAvailable: false }],
  ] as const)('is read as %s recorded it', async (_, name, runs, value) => {
    expect((await factsOf(macWith(runs)))[name]).toEqual({ known: true, value })
  })

  it.each([
    ['fileVault', { 'fdesetup status': 'FileVault is On.\nDecryption in progress: Percent completed = 40\n' }, 'off'],
    ['fileVault', { 'fdesetup status': 'FileVault is Off, but will be enabled after the next restart.\n' }, 'off'],
    ['screenLock', { 'sysadminctl -screenLock status': { out: '', err: 'sysadminctl[1:2] screenLock delay is -1.000000 seconds\n', status: 0 } }, null],
    ['sleep', { 'pmset -g': 'System-wide power settings:\n SleepDisabled\t\t1\nCurrently in use:\n sleep                1\n' }, 0],
    ['updates', { 'defaults read /Library/Preferences/com.apple.SoftwareUpdate': '{\n    AutomaticDownload = 1;\n}\n', 'defaults read /Library/Managed Preferences/com.apple.SoftwareUpdate': '{\n    AutomaticDownload = 0;\n}\n' }, { AutomaticDownload: false }],
  ] as const)('does not take %s for better than it is', async (name, runs, value) => {
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
