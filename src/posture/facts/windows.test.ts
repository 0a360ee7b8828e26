import { describe, expect, it } from 'vitest'
import { windows as checks } from '../checks/windows.ts'
import { gather, type Gathered } from '../gather.ts'
import { judge } from '../judge.ts'
import { ExampleMachine } from '../machine.test.kit.ts'
import { askAccess, askWindows, quoted } from './windows-query.ts'
import { windowsWith } from './windows-sample.ts'

const facts = async (...more: Parameters<typeof windowsWith>): Promise<Gathered> => await gather(new ExampleMachine(windowsWith(...more)).subject(), ['windows', 'windowsRegistry'])

describe('a Windows', () => {
  it('that is well set up fails no check', async () => {
    expect(judge(checks, await facts())).toMatchObject({ findings: [], unknown: [] })
  })

  it('that refuses one answer is unknown there, and nowhere else', async () => {
    const { findings, unknown } = judge(checks, await facts({ bitLocker: { error: 'Access denied\nat line 1' } }))
    expect(findings).toEqual([])
    expect(unknown).toEqual([{ id: 'windows.bitlocker-on', why: 'Access denied' }])
  })

  it('whose answer has another shape is unknown, never a pass', async () => {
    expect(judge(checks, await facts({ smb1: { value: 'maybe' } })).unknown).toEqual([{ id: 'windows.smb1-off', why: 'Windows answered what we do not understand about smb1' }])
  })

  it('whose Defender gives way to another product is not said to be protected by it', async () => {
    const defender = (AMRunningMode: string) => ({ defender: { value: { AMRunningMode, AntivirusEnabled: true, RealTimeProtectionEnabled: true, IsTamperProtected: true, AntivirusSignatureAge: 1 } } })
    for (const mode of ['Passive Mode', 'SxS Passive Mode']) {
      const { unknown } = judge(checks, await facts(defender(mode)))
      expect(unknown).toEqual([{ id: 'windows.defender-realtime', why: `Defender is in ${mode}: whether the product it gives way to scans is not told` }])
    }
    expect(judge(checks, await facts(defender('Not running'))).findings).toMatchObject([{ id: 'windows.defender-realtime' }])
    expect(judge(checks, await facts(defender('EDR Block Mode')))).toMatchObject({ findings: [], unknown: [] })
  })

  it('that is encrypted and not protected, as MSEndpointMgr/Intune#77 recorded it, is found', async () => {
    // VolumeStatus: FullyEncrypted, ProtectionStatus: Off, KeyProtector: {Tpm}
    expect(judge(checks, await facts({ bitLocker: { value: 'Off' } })).findings).toMatchObject([{ id: 'windows.bitlocker-on' }])
  })

  it('that prints no JSON is unknown as a whole', async () => {
    const { windows } = await gather(new ExampleMachine({ platform: 'win32', runs: { [askWindows.join(' ')]: { out: '', err: 'is not recognized\n', status: 1 } } }).subject(), ['windows', 'windowsRegistry'])
    expect(windows).toMatchObject({ known: false, why: 'PowerShell did not answer with JSON: is not recognized' })
  })
})

describe('a text for PowerShell', () => {
  it('cannot end early, by whatever quote', () => {
    expect(quoted("a'; rm x; '")).toBe("'a''; rm x; '''")
    expect(quoted('a\u2019; rm x')).toBe("'a\u2019\u2019; rm x'")
    expect(askAccess("C:\\Users\\O'Neil").at(-1)).toContain("-LiteralPath 'C:\\Users\\O''Neil')")
  })
})
