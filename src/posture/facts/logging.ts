import { parseUnitFile, unitValue, type Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { DoesNotArise, linuxOf, type FactReader, type Leave, type Subject } from '../subject.ts'

/** What is written down, how long, and what is left behind by a crash. */
export interface LoggingFacts {
  hasJournal: boolean
  /** `Storage` of journald, `null` where it does not say. */
  storage: string | null
  hasJournalFolder: boolean
  ownJournald: string | null
  /** limits.conf and limits.d; `null` where neither is there. */
  limits: readonly string[] | null
  ownLimits: string | null
  /** Logs of OpenClaw on this machine. */
  logs: readonly { path: string; folder: string; size: number }[]
  /** Files of logrotate by path. */
  rotations: Readonly<Record<string, string>>
}

// As many as a year of daily ones from a dozen agents; each is asked for its size.
const maxLogs = 5000

export const ownJournald = '/etc/systemd/journald.conf.d/60-hardshell.conf'
export const ownLimits = '/etc/security/limits.d/60-hardshell.conf'

export const logging: FactReader<LoggingFacts> = {
  async read(subject, _, leave) {
    const host = linuxOf(subject)
    const [main, drops, limits, rotations, logs, folder] = await Promise.all([
      host.text('/etc/systemd/journald.conf'), folderTexts(host, '/etc/systemd/journald.conf.d'), folderTexts(host, '/etc/security/limits.d'),
      folderTexts(host, '/etc/logrotate.d'), logsOf(subject, leave), host.status('/var/log/journal'),
    ])
    const settings = [...parseUnitFile(main ?? '', ''), ...Object.values(drops).flatMap((text) => parseUnitFile(text, ''))]
    const mainLimits = await host.text('/etc/security/limits.conf')
    return {
      hasJournal: main !== null,
      storage: unitValue(settings, 'Journal', 'Storage')?.toLowerCase() ?? null,
      hasJournalFolder: folder !== null,
      ownJournald: drops[ownJournald] ?? null,
      limits: mainLimits === null && Object.keys(limits).length === 0 ? null : [mainLimits ?? '', ...Object.values(limits)],
      ownLimits: limits[ownLimits] ?? null,
      logs,
      rotations,
    }
  },
}

/** Units that failed, by name. Needs the machine itself. */
export const failedUnits: FactReader<readonly string[]> = {
  async read(subject) {
    const host = linuxOf(subject)
    // sd_booted(3)
    if ((await host.status('/run/systemd/system')) === null) throw new DoesNotArise('systemd does not run here')
    const ran = await host.run(['systemctl', 'list-units', '--failed', '--plain', '--no-legend', '--no-pager'])
    if (ran?.status !== 0) throw new Error('systemctl does not say which units failed')
    return ran.out.split('\n').filter((line) => line !== '').map((line) => line.trim().split(/\s+/)[0]!)
  },
}

async function folderTexts(host: Machine, folder: string): Promise<Record<string, string>> {
  const names = (await host.names(folder)) ?? []
  const files = await askAll(names, async (name) => [`${folder}/${name}`, await host.text(`${folder}/${name}`)] as const)
  return Object.fromEntries(files.flatMap(([path, text]) => (text === null ? [] : [[path, text]])))
}

async function logsOf({ host, files, stateDir }: Subject, leave: Leave): Promise<LoggingFacts['logs']> {
  if (host !== files || stateDir === null) return []
  const folders = [`${stateDir}/logs`, stateDir]
  const found = await Promise.all(folders.map(async (folder) => {
    const names = ((await files.names(folder)) ?? []).filter((name) => name.endsWith('.log'))
    if (names.length > maxLogs) leave({ part: 'logging.logs', what: 'logs', at: folder, looked: maxLogs, of: names.length })
    return await askAll(names.slice(0, maxLogs), async (name) => ({ path: `${folder}/${name}`, folder, size: (await files.status(`${folder}/${name}`))?.size ?? 0 }))
  }))
  return found.flat()
}
