import { posix } from 'node:path'
import type { File } from './tree.ts'

/** Links of a document to files, or to headings, that are not there. `exists` is told paths from the root. */
export function deadLinks(documents: readonly File[], exists: (path: string) => boolean): string[] {
  return documents.flatMap((document) =>
    linksOf(document).flatMap((link) => {
      const [target, heading] = link.split('#') as [string, string | undefined]
      const path = target === '' ? document.path : posix.join(posix.dirname(document.path), decodeURIComponent(target))
      if (!exists(path)) return [`${document.path}: ${link} leads nowhere`]
      const known = heading === undefined ? undefined : documents.find((other) => other.path === path)
      return known && !headingsOf(known).includes(heading!) ? [`${document.path}: ${link} names no heading`] : []
    }),
  )
}

/** Rows of the feature table whose last cell is not one of the words for how far a promise is kept. */
export function rowsWithoutStatus(features: File, statuses: readonly string[]): string[] {
  const rows = features.text.split('\n').filter((line) => /^\|\s*[A-Z]+-\d+\s*\|/.test(line))
  if (rows.length === 0) return [`${features.path}: no row of a promise in it`]
  return rows.flatMap((row) => {
    const cells = row.split('|').map((cell) => cell.trim()).filter((cell) => cell !== '')
    const kept = cells.some((cell) => statuses.some((status) => cell === status || cell.startsWith(`${status}:`)))
    return kept ? [] : [`${features.path}: ${cells[0]} has no status (${statuses.join(', ')})`]
  })
}

/** Relative targets of Markdown links and images, code blocks apart. */
function linksOf({ text }: File): string[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '')
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map((match) => match[1]!)
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map((match) => match[1]!)
  return [...inline, ...references].filter((link) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(link))
}

/** Anchors as GitHub makes them: lower case, punctuation dropped, spaces to hyphens, repetitions numbered. */
function headingsOf({ text }: File): string[] {
  const seen = new Map<string, number>()
  const anchors = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map((match) => match[1]!)
  for (const [, title] of text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = title!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = plain.replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    anchors.push(count === 0 ? slug : `${slug}-${count}`)
    seen.set(slug, count + 1)
  }
  return anchors
}
