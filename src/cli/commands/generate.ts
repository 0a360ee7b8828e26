import { resolve } from 'node:path'
import { HardshellError } from '../../base/index.ts'
import { findProfile, profiles, type ProfileFile } from '../../profiles/index.ts'
import type { Options } from '../secret-stores.ts'
import { columns, type Terminal } from '../terminal.ts'
import { checkUnits } from './generate-check.ts'
import { installationFacts } from './generate-facts.ts'
import { writeProfile } from './generate-write.ts'

/** `hardshell generate [profile]`: to stdout, into a folder, or judged; exit 1 when files differ or a judge says no. */
export async function generate(name: string | undefined, options: Options, terminal: Terminal): Promise<number> {
  if (options['list'] === true) return list(options, terminal)
  if (name === undefined) throw new HardshellError('cli.usage', 'which profile?', { hint: 'hardshell generate --list' })
  const profile = findProfile(name)
  const { facts, assumed } = await installationFacts(options, terminal)
  const files = profile.files(facts)
  const notes = [...assumed, ...profile.notes(facts)]
  if (options['check'] === true) return await check(files, options, terminal)
  const status = typeof options['out'] === 'string' ? await write(files, notes, options['out'], options, terminal) : print(files, notes, options, terminal)
  if (options['json'] !== true) for (const note of notes) terminal.err(`  ${note}`)
  return status
}

function list(options: Options, terminal: Terminal): number {
  const rows = profiles.map(({ name, title }) => ({ name, title }))
  terminal.out(options['json'] === true ? JSON.stringify(rows, null, 2) : columns(rows.map(({ name, title }) => [name, title])))
  return 0
}

function print(files: readonly ProfileFile[], notes: readonly string[], options: Options, terminal: Terminal): number {
  if (options['json'] === true) terminal.out(JSON.stringify({ files, notes }, null, 2))
  else if (files.length === 1) terminal.out(files[0]!.text.trimEnd())
  else for (const { path, text } of files) terminal.out(`# ──── ${path}\n${text}`)
  return 0
}

async function write(files: readonly ProfileFile[], notes: readonly string[], out: string, options: Options, terminal: Terminal): Promise<number> {
  const written = await writeProfile(resolve(terminal.cwd, out), files, options['force'] === true)
  const ok = written.every(({ outcome }) => outcome !== 'differs')
  if (options['json'] === true) terminal.out(JSON.stringify({ ok, files: written, notes }, null, 2))
  else {
    for (const { path, outcome, difference } of written) terminal.out([`${outcome} ${path}`, ...difference].join('\n'))
    if (!ok) terminal.err('nothing was written: files that are there differ (--force replaces them)')
  }
  return ok ? 0 : 1
}

async function check(files: readonly ProfileFile[], options: Options, terminal: Terminal): Promise<number> {
  const units = await checkUnits(files)
  if (units.length === 0) throw new HardshellError('cli.usage', '--check judges systemd units, and this profile has none', { hint: 'hardshell generate systemd --check' })
  const ok = units.every((unit) => unit.ok)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok, units }, null, 2))
  else {
    const rows = units.map(({ unit, exposure, limit, ok: good }) => [unit, `exposure ${exposure?.toFixed(1) ?? 'unknown'}`, `at most ${limit.toFixed(1)}`, terminal.paint(good ? 'green' : 'red', good ? 'ok' : 'no')])
    terminal.out(columns(rows))
    for (const { complaints } of units) for (const line of complaints) terminal.out(line)
  }
  return ok ? 0 : 1
}
