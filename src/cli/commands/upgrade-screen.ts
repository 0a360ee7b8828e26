import { holesOfOpenClaw, isOlder, type KnownHoles } from '../../posture/index.ts'
import type { StatePaths } from '../../guard/paths.ts'
import type { UpgradePlan } from '../../guard/upgrade/plan.ts'
import { visible, type Terminal } from '../terminal.ts'

/** What is told before anything is done. */
export interface ToldPlan {
  from: { version: string; holes: readonly string[] }
  to: { version: string; holes: readonly string[]; unknown: number }
  isDowngrade: boolean
  advisories: string
  how: string
  places: readonly string[]
}

/** Which version in the place of which, where, and what is known of both. @throws HardshellError `posture.advisories-unusable` */
export async function tellPlan(plan: UpgradePlan, paths: StatePaths, isQuiet: boolean, terminal: Terminal): Promise<ToldPlan> {
  const { present, source, how, places } = plan
  const [now, then] = [await holesOfOpenClaw(present.version, paths.root), await holesOfOpenClaw(source.version, paths.root)]
  const told: ToldPlan = {
    from: { version: present.version, holes: idsOf(now) },
    to: { version: source.version, holes: idsOf(then), unknown: then.unknown },
    isDowngrade: isOlder(source.version, present.version) ?? true,
    advisories: then.date,
    how: how.kind,
    places: places.exchanges.length === 0 ? [places.packageRoot] : places.exchanges.map(({ live }) => live),
  }
  if (isQuiet) return told
  terminal.out(`OpenClaw ${present.version} in ${visible(present.packageRoot)}`)
  terminal.out(`      → ${visible(source.version)} ${source.kind === 'registry' ? 'from the registry npm is set to' : `from ${visible(source.path)}`}`)
  terminal.out(ways[how.kind])
  for (const place of told.places) terminal.out(`  ${visible(place)}`)
  terminal.out(`known holes, by the list of ${then.date}: ${countOf(now)} in ${present.version}, ${countOf(then)} in ${visible(source.version)}`)
  for (const { id, severity, title } of then.affected) terminal.out(`  ${terminal.paint(severity === 'critical' || severity === 'high' ? 'red' : 'yellow', severity)} ${id} ${visible(title)}`)
  if (then.unknown > 0) terminal.out(`  of ${then.unknown} more nobody has told which versions ${then.unknown === 1 ? 'it is' : 'they are'} about (${terminal.self} advisories update brings another list)`)
  return told
}

const ways = {
  'beside-us': 'laid beside the one in use, which stays; starts use it from then on:',
  global: "exchanged in npm's global folder:",
  project: 'exchanged in the project, with the files that say which version it wants:',
} as const

function idsOf({ affected }: KnownHoles): string[] {
  return affected.map(({ id }) => id)
}

function countOf({ affected }: KnownHoles): string {
  return affected.length === 0 ? 'none' : String(affected.length)
}
