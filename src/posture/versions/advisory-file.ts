import { createHash } from 'node:crypto'
import { z } from 'zod'
import { HardshellError, messageOf } from '../../base/index.ts'
import type { Advisory } from './advisory.ts'

const maxTextLength = 300
const day = z.iso.date()
/** What is shown to people: nothing in it may move a cursor or turn a line around. */
const told = (least: number): z.ZodString => z.string().min(least).max(maxTextLength).regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'holds control characters')
// All CVE records that name OpenClaw were 543 in August 2026; twenty times that is a mistake or an attack.
const maxAdvisories = 10_000

const range = z.strictObject({ introduced: z.string().max(60).nullable(), fixed: z.string().max(60).nullable(), lastAffected: z.string().max(60).optional() })
const advisory = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:-]{2,60}$/),
  package: z.string().regex(/^[@A-Za-z0-9][@A-Za-z0-9._/-]{0,120}$/),
  affected: z.array(range).min(1).nullable(),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'unrated']),
  title: told(3),
  source: told(5),
  published: day.nullable(),
})
const file = z.strictObject({
  format: z.literal('hardshell-advisories-1'),
  date: day,
  origin: told(5),
  licence: told(2),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  advisories: z.array(advisory).min(1, 'names no hole: with it every version would be without one').max(maxAdvisories),
})

/** Known holes of one day, from one origin. */
export interface AdvisoryFile {
  date: string
  origin: string
  licence: string
  /** Over the records and the header, as `digestOf` takes it. */
  sha256: string
  advisories: readonly Advisory[]
}

/** The SHA-256 of everything in the file but itself: one changed letter anywhere is noticed. Pure. */
export function digestOf({ date, origin, licence, advisories }: Omit<AdvisoryFile, 'sha256'>): string {
  const records = advisories.map(({ id, package: name, affected, severity, title, source, published }) => [
    id, name, affected === null ? null : affected.map(({ introduced, fixed, lastAffected }) => (lastAffected === undefined ? [introduced, fixed] : [introduced, fixed, lastAffected])), severity, title, source, published,
  ])
  return createHash('sha256').update(JSON.stringify([date, origin, licence, records])).digest('hex')
}

/** The text of a file others can load: header, digest, records. Pure. */
export function sealAdvisories(content: Omit<AdvisoryFile, 'sha256'>): string {
  return `${JSON.stringify({ format: 'hardshell-advisories-1', date: content.date, origin: content.origin, licence: content.licence, sha256: digestOf(content), advisories: content.advisories }, null, 2)}\n`
}

/**
 * Reads what `sealAdvisories` wrote. The digest shows that nothing was lost or changed on the way; who wrote it is
 * shown only by comparing it with one got elsewhere (`advisories update --sha256`).
 * @param where how the file is named in the error
 * @throws HardshellError `posture.advisories-unusable` when it is not whole, not ours or says impossible things
 */
export function readAdvisories(text: string, where: string): AdvisoryFile {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw unusable(where, `is not JSON: ${messageOf(error)}`)
  }
  const read = file.safeParse(raw)
  if (!read.success) {
    const { path, message } = read.error.issues[0]!
    throw unusable(where, `is not an advisory file: ${path.join('.') || 'the file'}: ${message}`)
  }
  const { sha256, date, origin, licence, advisories } = read.data
  if (digestOf({ date, origin, licence, advisories }) !== sha256) throw unusable(where, 'was changed since it was sealed: its digest is another')
  const twice = firstTwice(advisories.map(({ id, package: name }) => `${id} of ${name}`))
  if (twice !== null) throw unusable(where, `names ${twice} twice`)
  return { date, origin, licence, sha256, advisories }
}

function firstTwice(names: readonly string[]): string | null {
  const seen = new Set<string>()
  return names.find((name) => seen.size === seen.add(name).size) ?? null
}

function unusable(where: string, what: string): HardshellError {
  return new HardshellError('posture.advisories-unusable', `${where} ${what}`, { hint: 'hardshell advisories update --file FILE brings a whole one; without any, the one that was shipped is used' })
}
