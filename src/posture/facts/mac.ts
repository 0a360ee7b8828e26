import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { answer, type Answer } from '../answer.ts'
import { DoesNotArise, hostOf, type FactReader } from '../subject.ts'
import { readLaunchd, type LaunchdJob } from './mac-launchd.ts'

/** What a Mac says of itself. Each answer may be missing: many of these tools want root, or a terminal with full disk access. */
export interface MacFacts {
  fileVault: Answer<'on' | 'off' | 'encrypting'>
  gatekeeper: Answer<boolean>
  firewall: Answer<boolean>
  stealth: Answer<boolean>
  sip: Answer<boolean>
  /** Switches of com.apple.SoftwareUpdate, of a profile or of the machine; absent ones are missing, and macOS takes them for on. */
  updates: Answer<Readonly<Record<string, boolean>>>
  remoteLogin: Answer<boolean>
  guest: Answer<boolean>
  /** Who is logged in without a password when it starts; `null` nobody. */
  autoLogin: Answer<string | null>
  /** Seconds until a password is asked; `null` never. */
  screenLock: Answer<number | null>
  /** Minutes until it sleeps; 0 never. */
  sleep: Answer<number>
  /** The user OpenClaw's files belong to, and whether that one is an administrator. */
  user: Answer<{ name: string; isAdmin: boolean }>
  /** Programs and apps that may press keys and click in others. */
  accessibility: Answer<readonly string[]>
  /** OpenClaw's jobs. */
  jobs: Answer<readonly LaunchdJob[]>
}

const socketFilter = '/usr/libexec/ApplicationFirewall/socketfilterfw'
const accessibilityQuery = ['sqlite3', '-readonly', '/Library/Application Support/com.apple.TCC/TCC.db', "select client from access where service = 'kTCCServiceAccessibility' and auth_value = 2"]

export const mac: FactReader<MacFacts> = {
  // `systemsetup` and `dscl` ask the directory and take a second each on a busy Mac.
  deadlineMs: 10_000,
  async read(subject) {
    const host = hostOf(subject)
    if (host.platform !== 'darwin') throw new DoesNotArise(`this is about macOS, and the machine runs ${host.platform}`)
    const uid = (subject.stateDir === null ? null : (await subject.files.status(subject.stateDir))?.uid) ?? host.uid
    const [fileVault, gatekeeper, firewall, stealth, sip] = await Promise.all([
      asked(host, ['fdesetup', 'status'], readFileVault),
      asked(host, ['spctl', '--status'], (text) => one(text, /assessments (enabled|disabled)/i) === 'enabled'),
      asked(host, [socketFilter, '--getglobalstate'], (text) => one(text, /State = (\d)/i) !== '0'),
      asked(host, [socketFilter, '--getstealthmode'], (text) => /^(?:on|enabled)$/i.test(one(text, /stealth mode (?:is )?(on|off|enabled|disabled)/i))),
      asked(host, ['csrutil', 'status'], readIntegrity),
    ])
    const [updates, remoteLogin, guest, autoLogin, screenLock, sleep] = await Promise.all([
      answer(async () => await readUpdates(host)),
      asked(host, ['systemsetup', '-getremotelogin'], (text) => one(text, /Remote Login: (On|Off)/i).toLowerCase() === 'on'),
      asked(host, ['sysadminctl', '-guestAccount', 'status'], (text) => one(text, /Guest account (enabled|disabled)/i).toLowerCase() === 'enabled'),
      answer(async () => await readAutoLogin(host)),
      asked(host, ['sysadminctl', '-screenLock', 'status'], readScreenLock),
      asked(host, ['pmset', '-g'], readSleep),
    ])
    const [user, accessibility, jobs] = await Promise.all([
      answer(async () => await readUser(host, uid)),
      asked(host, accessibilityQuery, (text) => text.split('\n').filter((line) => line !== '')),
      answer(async () => await readLaunchd(host)),
    ])
    return { fileVault, gatekeeper, firewall, stealth, sip, updates, remoteLogin, guest, autoLogin, screenLock, sleep, user, accessibility, jobs }
  },
}

/** Some of these tools talk on stderr, and `sysadminctl` only there. */
async function said(host: Machine, command: readonly string[]): Promise<string> {
  const ran = await host.run(command)
  if (ran === null) throw new Error(`${command[0]} is not installed`)
  const text = `${ran.out}\n${ran.err}`.trim()
  if (/administrator access|must be run as root|authorization denied|unable to open database|not permitted/i.test(text)) throw new Error(`${posix.basename(command[0]!)} wants more rights: run it as root, in a terminal with full disk access`)
  return text
}

async function asked<T>(host: Machine, command: readonly string[], read: (text: string) => T): Promise<Answer<T>> {
  return await answer(async () => read(await said(host, command)))
}

/** The word in a sentence. @throws Error where the sentence is another: then nobody knows */
function one(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`it answered what we do not understand: ${text.split('\n')[0]!.slice(0, 80)}`)
  return found
}

function readFileVault(text: string): 'on' | 'off' | 'encrypting' {
  if (/Encryption in progress/i.test(text)) return 'encrypting'
  if (/Decryption in progress/i.test(text)) return 'off' // still on as it says, and soon not
  return one(text, /FileVault is (On|Off)/i).toLowerCase() as 'on' | 'off'
}

/** A list of protections follows where somebody chose among them; "enabled" above it may be none (openradar 22361698). */
function readIntegrity(text: string): boolean {
  const isOn = one(text, /status: (enabled|disabled|unknown)/i).toLowerCase() === 'enabled'
  const lost = [...text.matchAll(/^\s+([^:\n]+): disabled\b/gim)].filter(([, name]) => !/^Apple Internal$/i.test(name!))
  return isOn && lost.length === 0
}

/** `disablesleep`, which no manual names, holds whatever stands under `sleep`. */
function readSleep(text: string): number {
  const minutes = Number(one(text, /^\s*sleep\s+(\d+)/m))
  return /^\s*SleepDisabled\s+1\b/m.test(text) ? 0 : minutes
}

/** What a profile of an organisation sets counts before what the machine has; what neither has is left out. */
async function readUpdates(host: Machine): Promise<Record<string, boolean>> {
  const [own, managed] = await Promise.all(['Preferences', 'Managed Preferences'].map(async (folder) => await said(host, ['defaults', 'read', `/Library/${folder}/com.apple.SoftwareUpdate`]).catch((error: unknown) => (folder === 'Preferences' ? Promise.reject(error as Error) : ''))))
  return { ...readSwitches(own!), ...readSwitches(managed!) }
}

/** `    AutomaticDownload = 1;` lines, as `defaults` prints a dictionary. */
function readSwitches(text: string): Record<string, boolean> {
  if (text !== '' && !/does not exist/i.test(text)) one(text, /(\{)/)
  return Object.fromEntries([...text.matchAll(/^\s*(\w+) = ([01]);/gm)].map(([, name, value]) => [name!, value === '1']))
}

/** `defaults` fails where the key is absent, which is the good case; any other failure is no answer. */
async function readAutoLogin(host: Machine): Promise<string | null> {
  const ran = await host.run(['defaults', 'read', '/Library/Preferences/com.apple.loginwindow', 'autoLoginUser'])
  if (ran === null) throw new Error('defaults is not installed')
  if (ran.status === 0 && ran.out.trim() !== '') return ran.out.trim()
  if (/does not exist/i.test(ran.err + ran.out)) return null
  throw new Error('defaults did not say who is logged in by itself')
}

function readScreenLock(text: string): number | null {
  if (/screenLock is off/i.test(text)) return null
  const delay = one(text, /screenLock delay is (immediate|-?\d+)/i)
  if (delay === 'immediate') return 0
  return Number(delay) < 0 ? null : Number(delay) // `-1 seconds` is another way to say off
}

async function readUser(host: Machine, uid: number): Promise<{ name: string; isAdmin: boolean }> {
  const list = await said(host, ['dscl', '.', '-list', '/Users', 'UniqueID'])
  const name = new RegExp(`^(\\S+)\\s+${uid}$`, 'm').exec(list)?.[1]
  if (name === undefined) throw new Error(`user ${uid} is in no list of this Mac`)
  const members = one(await said(host, ['dscl', '.', '-read', '/Groups/admin', 'GroupMembership']), /^GroupMembership:(.*)$/m)
  return { name, isAdmin: members.trim().split(/\s+/).includes(name) }
}
