import { unitArgument, unitPath } from './quoting.ts'

/** Lines of one section, in order. `null` leaves a line out; a list writes the setting once for each. */
export type UnitLines = readonly (readonly [name: string, value: string | number | boolean | readonly string[] | null])[]

/** A unit file out of its sections. Comments are lines whose name is `#`. */
export function unit(sections: Readonly<Record<string, UnitLines>>): string {
  return Object.entries(sections)
    .map(([title, lines]) => [`[${title}]`, ...lines.flatMap(written)].join('\n'))
    .join('\n\n')
    .concat('\n')
}

function written([name, value]: UnitLines[number]): string[] {
  if (value === null) return []
  if (name === '#') return [`# ${String(value)}`]
  if (typeof value === 'object') return value.map((one) => `${name}=${one}`)
  return [`${name}=${typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}`]
}

/** The command line of a unit, without expansion of variables: the colon says so (systemd.service(5), since 244). */
export function execStart(program: string, args: readonly string[]): string {
  // A program's path is read before quotes are: only what needs none may stand there bare.
  return [`:${unitArgument(program)}`, ...args.map(unitArgument)].join(' ')
}

/** Homes are hidden whole; where programs or settings lie in one, only those show through, read-only. */
export function homes(needed: readonly string[]): UnitLines {
  const inside = needed.filter((path) => /^\/(home|root|run\/user)(\/|$)/.test(path))
  if (inside.length === 0) return [['ProtectHome', true]]
  return [
    ['ProtectHome', 'tmpfs'],
    ['BindReadOnlyPaths', [...new Set(inside)].sort().map(unitPath)],
  ]
}
