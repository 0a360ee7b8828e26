import { readFile, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { HardshellError, messageOf } from '../../base/index.ts'
import { advisoryFromCve, sealAdvisories } from '../../posture/index.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell advisories seal DIR`: records of CVE as one list, sealed by its digest. Nothing is fetched. */
export async function advisoriesSeal(dir: string, options: Readonly<Record<string, string | boolean | undefined>>, terminal: Terminal): Promise<number> {
  const date = String(options['date'])
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date))) {
    throw new HardshellError('cli.usage', 'a date is written 2026-11-21', { hint: 'hardshell advisories seal cve-records --date 2026-11-21 > advisories.json' })
  }
  const product = String(options['product']).toLowerCase()
  const records = await recordsIn(resolve(terminal.cwd, dir))
  const advisories = records.flatMap((record) => advisoryFromCve(record, product) ?? []).sort((a, b) => (a.id < b.id ? -1 : 1))
  if (advisories.length === 0) throw new HardshellError('cli.usage', `${dir} holds no record about ${product}`, { hint: 'the folder has to hold CVE records, one JSON file each' })
  const vague = advisories.filter(({ affected }) => affected === null).length
  terminal.out(sealAdvisories({ date, origin: String(options['origin']), licence: String(options['licence']), advisories }).trimEnd())
  terminal.err(`${advisories.length} of ${records.length} records are about ${product}; ${vague} say nothing about versions that can be judged`)
  return 0
}

async function recordsIn(folder: string): Promise<unknown[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new HardshellError('posture.unreadable', `${folder} cannot be read: ${messageOf(error)}`, { hint: `ls -l ${folder}` })
  })
  return await Promise.all(names.filter((name) => name.endsWith('.json')).map(async (name) => await recordIn(join(folder, name))))
}

async function recordIn(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown
  } catch (error) {
    throw new HardshellError('posture.unreadable', `${path} cannot be read: ${messageOf(error)}`, { hint: 'bring the folder anew: a list with a record left out would call versions safe that are not' })
  }
}
