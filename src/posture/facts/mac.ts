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
  /** Switches of com.apple.SoftwareUpdate; absent ones are missing. */
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
      asked(host, ['csrutil', 'status'], (text) => one(text, /status: (enabled|disabled|unknown)/i).toLowerCase() === 'enabled'),
    ])
    const [updates, remoteLogin, guest, autoLogin, screenLock, sleep] = await Promise.all([
      asked(host, ['defaults', 'read', '/Library/Preferences/com.apple.SoftwareUpdate'], readSwitches),
      asked(host, ['systemsetup', '-getremotelogin'], (text) => one(text, /Remote Login: (On|Off)/i).toLowerCase() === 'on'),
      asked(host, ['sysadminctl', '-guestAccount', 'status'], (text) => one(text, /Guest account (enabled|disabled)/i).toLowerCase() === 'enabled'),
      answer(async () => await readAutoLogin(host)),
      asked(host, ['sysadminctl', '-screenLock', 'status'], readScreenLock),
      asked(host, ['pmset', '-g'], (text) => Number(one(text, /^\s*sleep\s+(\d+)/m))),
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
  return one(text, /FileVault is (On|Off)/i).toLowerCase() as 'on' | 'off'
}

/** `    AutomaticDownload = 1;` lines, as `defaults` prints a dictionary. */
function readSwitches(text: string): Record<string, boolean> {
  one(text, /(\{)/)
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
  const delay = one(text, /screenLock delay is (immediate|\d+)/i)
  return delay === 'immediate' ? 0 : Number(delay)
}

async function readUser(host: Machine, uid: number): Promise<{ name: string; isAdmin: boolean }> {
  const list = await said(host, ['dscl', '.', '-list', '/Users', 'UniqueID'])
  const name = new RegExp(`^(\\S+)\\s+${uid}$`, 'm').exec(list)?.[1]
  if (name === undefined) throw new Error(`user ${uid} is in no list of this Mac`)
  const members = one(await said(host, ['dscl', '.', '-read', '/Groups/admin', 'GroupMembership']), /^GroupMembership:(.*)$/m)
  return { name, isAdmin: members.trim().split(/\s+/).includes(name) }
}
