import { messageOf } from '../../base/index.ts'
import { parseCrontab, type CronLine, type Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { linuxOf, requirePart, type FactReader } from '../subject.ts'

/** What this machine does by itself at given times. */
export interface CronFacts {
  jobs: readonly CronLine[]
  /** Every file cron reads, with mode and owner. */
  files: readonly { path: string; mode: number; uid: number; gid: number }[]
  /** Texts by path, for the plan. */
  texts: Readonly<Record<string, string>>
  /** Why a table was not read, such as those of users, which are root's; `null` when all were. */
  hidden: string | null
}

const spool = '/var/spool/cron/crontabs'
const intervals = ['hourly', 'daily', 'weekly', 'monthly']

export const cron: FactReader<CronFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    await requirePart(host, 'tables of cron', ['/etc/crontab', '/etc/cron.d', spool, ...intervals.map((every) => `/etc/cron.${every}`)])
    const system = ['/etc/crontab', ...(await below(host, '/etc/cron.d'))]
    const scripts = (await Promise.all(intervals.map(async (every) => await below(host, `/etc/cron.${every}`)))).flat()
    const own = await below(host, spool).then((paths) => ({ paths, why: null as string | null }), (error: unknown) => ({ paths: [] as string[], why: messageOf(error) }))
    const paths = [...system, ...own.paths, ...scripts]
    const read = await askAll(paths, async (path) => await tableAt(host, path))
    const texts = Object.fromEntries(read.flatMap(({ path, text }) => (text === null ? [] : [[path, text]])))
    const files = await askAll(Object.keys(texts), async (path) => {
      const status = await host.status(path)
      return status === null || status.kind !== 'file' ? [] : [{ path, mode: status.mode, uid: status.uid, gid: status.gid }]
    })
    const tables = [...system, ...own.paths].filter((path) => path in texts)
    const lines = scripts.filter((path) => path in texts).flatMap((path) => texts[path]!.split('\n').map((command, index) => ({ path, line: index + 1, when: path.split('/')[2]!, user: 'root', command })))
    return { jobs: [...tables.flatMap((path) => parseCrontab(texts[path]!, path, !path.startsWith(spool))), ...lines.filter(({ command }) => !/^\s*(#|$)/.test(command))], files: files.flat(), texts, hidden: own.why ?? read.find(({ why }) => why !== null)?.why ?? null }
  },
}

/** What cron would read. It passes over folders, pipes and the like; what it reads and we may not is hidden from us. */
async function tableAt(host: Machine, path: string): Promise<{ path: string; text: string | null; why: string | null }> {
  try {
    return { path, text: await host.text(path), why: null }
  } catch (error) {
    const kind = (await host.status(path).catch(() => null))?.kind
    return { path, text: null, why: kind === 'folder' || kind === 'other' ? null : messageOf(error) }
  }
}

async function below(host: Machine, folder: string): Promise<string[]> {
  return ((await host.names(folder)) ?? []).filter((name) => !name.startsWith('.')).map((name) => `${folder}/${name}`)
}
