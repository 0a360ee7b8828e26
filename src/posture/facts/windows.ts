import { z } from 'zod'
import type { Machine } from '../../host/index.ts'
import type { Answer } from '../answer.ts'
import { DoesNotArise, hostOf, type FactReader } from '../subject.ts'
import { askAccess, askWindows } from './windows-query.ts'

/** What Windows says of itself. Each answer may be missing: half of these want an elevated session. */
export interface WindowsFacts {
  /** `AMRunningMode`: `Normal`, `Passive Mode`, `SxS Passive Mode`, `EDR Block Mode`, `Not running`; absent before Windows 10 1809. */
  defender: Answer<{ AMRunningMode?: string | null | undefined; AntivirusEnabled: boolean; RealTimeProtectionEnabled: boolean; IsTamperProtected: boolean; AntivirusSignatureAge: number }>
  firewall: Answer<readonly { Name: string; Enabled: string; Inbound: string }[]>
  /** `On`, `Off` or `Unknown` (locked). */
  bitLocker: Answer<string>
  /** Who asks, taken for the user OpenClaw runs as. */
  user: Answer<{ Name: string; IsAdmin: boolean }>
  tasks: Answer<readonly { TaskName: string; User: string | null; RunLevel: string }[]>
  services: Answer<readonly { Name: string; StartName: string | null }[]>
  /** `Automatic`, `Manual` or `Disabled`. */
  updateService: Answer<string>
  /** Day the last update was installed. */
  lastUpdate: Answer<string>
  /** 1 when programs have to ask before they become administrator. */
  uac: Answer<number>
  remoteDesktop: Answer<{ Denied: number; NeedsLogin: number }>
  smb1: Answer<boolean>
  /** Who may do what in OpenClaw's state folder. */
  access: Answer<readonly Access[]>
  stateDir: string | null
  /** Milliseconds since 1970. */
  now: number
}

/** One entry of a folder's list. */
export interface Access {
  Sid: string
  Name: string
  /** `FullControl`, `Modify, Synchronize`, `ReadAndExecute, Synchronize`. */
  Rights: string
  Type: string
}

/** PowerShell writes a list of one as the one, and an empty list as nothing. */
function listOf<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (Array.isArray(value) ? value : value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0) ? [] : [value]), z.array(item))
}

const shapes = {
  defender: z.object({ AMRunningMode: z.string().nullish(), AntivirusEnabled: z.boolean(), RealTimeProtectionEnabled: z.boolean(), IsTamperProtected: z.boolean(), AntivirusSignatureAge: z.number() }),
  firewall: listOf(z.object({ Name: z.string(), Enabled: z.string(), Inbound: z.string() })),
  bitLocker: z.string(),
  user: z.object({ Name: z.string(), IsAdmin: z.boolean() }),
  tasks: listOf(z.object({ TaskName: z.string(), User: z.string().nullable(), RunLevel: z.string() })),
  services: listOf(z.object({ Name: z.string(), StartName: z.string().nullable() })),
  updateService: z.string(),
  lastUpdate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  uac: z.number(),
  remoteDesktop: z.object({ Denied: z.number(), NeedsLogin: z.number() }),
  smb1: z.boolean(),
  access: listOf(z.object({ Sid: z.string(), Name: z.string(), Rights: z.string(), Type: z.string() })),
}

export const windows: FactReader<WindowsFacts> = {
  // PowerShell starts slowly, and Get-LocalGroupMember may ask a domain.
  deadlineMs: 30_000,
  async read(subject) {
    const host = hostOf(subject)
    if (host.platform !== 'win32') throw new DoesNotArise(`this is about Windows, and the machine runs ${host.platform}`)
    const { stateDir, now } = subject
    const [told, access] = await Promise.all([ask(host, askWindows), stateDir === null ? null : ask(host, askAccess(stateDir))])
    const part = <K extends keyof typeof shapes>(name: K, from = told): Answer<z.infer<(typeof shapes)[K]>> => partOf(from, name)
    return {
      defender: part('defender'),
      firewall: part('firewall'),
      bitLocker: part('bitLocker'),
      user: part('user'),
      tasks: part('tasks'),
      services: part('services'),
      updateService: part('updateService'),
      lastUpdate: part('lastUpdate'),
      uac: part('uac'),
      remoteDesktop: part('remoteDesktop'),
      smb1: part('smb1'),
      access: access === null ? { known: false, why: 'there is no state folder to look at' } : part('access', access),
      stateDir,
      now,
    }
  },
}

// PowerShell 5.1 takes most of this to load its modules.
const askMs = 25_000

async function ask(host: Machine, command: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const ran = await host.run(command, askMs)
  if (ran === null) throw new Error('PowerShell is not in its usual place')
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(ran.out.replace(/^\ufeff/, '')))
  } catch {
    throw new Error(`PowerShell did not answer with JSON: ${(ran.err || ran.out).trim().split('\n')[0]!.slice(0, 120)}`)
  }
}

function partOf<K extends keyof typeof shapes>(told: Readonly<Record<string, unknown>>, name: K): Answer<z.infer<(typeof shapes)[K]>> {
  const part = z.object({ value: z.unknown().optional(), error: z.string().optional() }).safeParse(told[name])
  if (!part.success) return { known: false, why: `Windows did not say anything about ${name}` }
  if (part.data.error !== undefined) return { known: false, why: part.data.error.split('\n')[0]!.slice(0, 200) }
  const read = shapes[name].safeParse(part.data.value)
  return read.success ? { known: true, value: read.data as z.infer<(typeof shapes)[K]> } : { known: false, why: `Windows answered what we do not understand about ${name}` }
}
