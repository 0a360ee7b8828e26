import type { FileChange } from './change.ts'
import type { ServiceSecretFacts } from './facts/residue-services.ts'

/**
 * Moves the secrets of service definitions into a file of mode 600 beside them: Compose reads `.env` by itself, a unit
 * is told to. A value that needs quoting stays where it is. Pure, and nothing once it is done.
 */
export function movedOut({ found, texts }: ServiceSecretFacts): FileChange[] {
  const movable = found.filter(({ value }) => /^[\w.:/+=@-]+$/.test(value))
  return [...new Set(movable.map(({ path }) => path))].flatMap((path): FileChange[] => {
    const mine = movable.filter((secret) => secret.path === path)
    const isUnit = mine[0]!.isUnit
    const place = placeFor(path, isUnit)
    const [definition, before] = [texts[path] ?? '', texts[place] ?? null]
    const lines = definition.split('\n')
    for (const { line, name, value } of mine) lines[line - 1] = isUnit ? withoutAssignment(lines[line - 1]!, name, value) : lines[line - 1]!.replace(value, `\${${name}}`)
    const named = isUnit ? naming(lines, mine.map(({ line }) => line - 1), place) : lines
    const start = before === null || before === '' || before.endsWith('\n') ? (before ?? '') : `${before}\n`
    return [
      { kind: 'file', path: place, from: before, to: `${start}${mine.map(({ name, value }) => `${name}=${value}\n`).join('')}`, mode: 0o600 },
      { kind: 'file', path, from: definition, to: named.join('\n') },
    ]
  })
}

/** systemd takes no notice of a name that does not end like a unit. */
export function placeFor(path: string, isUnit: boolean): string {
  return isUnit ? `${path}.env` : `${path.slice(0, path.lastIndexOf('/'))}/.env`
}

function withoutAssignment(line: string, name: string, value: string): string {
  return [`"${name}=${value}"`, `'${name}=${value}'`, `${name}=${value}`].reduce((text, part) => text.replace(part, ''), line)
}

/** The file is named where the first secret stood; lines that say nothing any more go. */
function naming(lines: readonly string[], touched: readonly number[], place: string): string[] {
  const first = Math.min(...touched)
  return lines.flatMap((line, i) => {
    const kept = touched.includes(i) && /^\s*Environment\s*=\s*$/.test(line) ? [] : [line.replace(/^(\s*Environment\s*=)\s+/, '$1')]
    return i === first ? [`EnvironmentFile=${place}`, ...kept] : kept
  })
}
