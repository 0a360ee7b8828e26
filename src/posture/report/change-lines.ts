import { octal } from '../loose-modes.ts'
import type { Change, YamlStep } from '../change.ts'
import { plain } from './escape.ts'

/** A change as lines of a diff: `- ` what goes, `+ ` what comes, `$ ` what is run, without a mark the place. */
export function changeLines(change: Change): string[] {
  switch (change.kind) {
    case 'setting':
      return [`openclaw.json ${plain(change.at.join('.'))}`, ...values(change.from, change.to)]
    case 'yaml':
      return [`${plain(change.path)} ${plain(change.at.map(stepName).join('.'))}`, ...values(change.from, change.to)]
    case 'line': {
      const line = (value: string | null, mark: string): string[] => (value === null ? [] : [`${mark} ${plain(change.key + change.separator + value)}`])
      return [`${plain(change.path)}${change.section === undefined ? '' : ` [${plain(change.section)}]`}`, ...line(change.from, '-'), ...line(change.to, '+')]
    }
    case 'file':
      return [plain(change.path), ...fileLines(change.from, change.to)]
    case 'mode':
      return [plain(change.path), `- mode ${octal(change.from)}`, `+ mode ${octal(change.to)}`]
    case 'owner':
      return [plain(change.path), `- owner ${change.from.uid}:${change.from.gid}`, `+ owner ${change.to.uid}:${change.to.gid}`]
    default:
      return [plain(change.means), `$ ${plain(change.do.join(' '))}`]
  }
}

function values(from: unknown, to: unknown): string[] {
  const line = (value: unknown, mark: string): string[] => (value === undefined ? [] : [`${mark} ${plain(JSON.stringify(value))}`])
  return [...line(from, '-'), ...line(to, '+')]
}

// A whole file is shown by its first lines: a drop-in fits, a log does not have to.
const shownLines = 12

function fileLines(from: string | null, to: string | null): string[] {
  const [before, after] = [linesOf(from), linesOf(to)]
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${plain(line)}`)
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${plain(line)}`)
  const lines = [...gone, ...come]
  return lines.length <= shownLines ? lines : [...lines.slice(0, shownLines), `… and ${lines.length - shownLines} lines more`]
}

function linesOf(text: string | null): string[] {
  return text === null ? [] : text.replace(/\n$/, '').split('\n')
}

function stepName(step: YamlStep): string {
  return typeof step === 'string' ? step : step.named
}
