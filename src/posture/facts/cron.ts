import { messageOf } from '../../base/index.ts'
import { parseCrontab, type CronLine, type Machine } from '../../host/index.ts'
import { linuxOf, type FactReader } from '../subject.ts'

/** What this machine does by itself at given times. */
export interface CronFacts {
  jobs: readonly CronLine[]
  /** Every file cron reads, with mode and owner. */
  files: readonly { path: string; mode: number; uid: number; gid: number }[]
  /** Texts by path, for the plan. */
  texts: Readonly<Record<string, string>>
  /** Tables of users are readable by root only; why they were not read, else `null`. */
  hidden: string | null
}

const spool = '/var/spool/cron/crontabs'

export const cron: FactReader<CronFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const system = ['/etc/crontab', ...(await below(host, '/etc/cron.d'))]
    const scripts = (await Promise.all(['hourly', 'daily', 'weekly', 'monthly'].map(async (every) => await below(host, `/etc/cron.${every}`)))).flat()
    const own = await below(host, spool).then((paths) => ({ paths, why: null as string | null }), (error: unknown) => ({ paths: [] as string[], why: messageOf(error) }))
    const paths = [...system, ...own.paths, ...scripts]
    const texts = Object.fromEntries((await Promise.all(paths.map(async (path) => [path, await host.text(path).catch(() => null)] as const))).flatMap(([path, text]) => (text === null ? [] : [[path, text]])))
    const files = await Promise.all(Object.keys(texts).map(async (path) => {
      const status = await host.status(path)
      return status === null || status.kind !== 'file' ? [] : [{ path, mode: status.mode, uid: status.uid, gid: status.gid }]
    }))
    const tables = [...system, ...own.paths].filter((path) => path in texts)
    const lines = scripts.filter((path) => path in texts).flatMap((path) => texts[path]!.split('\n').map((command, index) => ({ path, line: index + 1, when: path.split('/')[2]!, user: 'root', command })))
    return { jobs: [...tables.flatMap((path) => parseCrontab(texts[path]!, path, !path.startsWith(spool))), ...lines.filter(({ command }) => !/^\s*(#|$)/.test(command))], files: files.flat(), texts, hidden: own.why }
  },
}

async function below(host: Machine, folder: string): Promise<string[]> {
  return ((await host.names(folder)) ?? []).filter((name) => !name.startsWith('.')).map((name) => `${folder}/${name}`)
}
