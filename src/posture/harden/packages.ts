import type { Hands } from './hands.ts'
import type { CommandStep, Step } from './step.ts'

/**
 * The steps with installations that take back what they bring: `apt-get remove` leaves the configuration of a package
 * in /etc and every package that came with it. What was there before a run stays: packages nobody needed already are
 * not swept out with ours, and configuration somebody kept of a package removed earlier is not deleted with it.
 */
export async function packageSteps(steps: readonly Step[], host: Hands | null): Promise<readonly Step[]> {
  if (host === null || !steps.some((step) => installedBy(step) !== null)) return steps
  const sweep = await sweepOf(host)
  return await Promise.all(steps.map(async (step) => {
    const name = installedBy(step)
    return name === null ? step : { ...(step as CommandStep), undo: await undoOf(name, { host, sweep }) }
  }))
}

// apt keeps what came along as long as anything suggests it (apt.conf(5), APT::AutoRemove).
const evenSuggested = ['-o', 'APT::AutoRemove::SuggestsImportant=false']

/** How apt sweeps out what nobody needs any more, so that today nothing goes; `[]` where something would. */
async function sweepOf(host: Hands): Promise<readonly string[]> {
  for (const options of [evenSuggested, []]) {
    if (!(await says(host, ['apt-get', 'autoremove', ...options, '--simulate', '-y'], /^Remv /m))) return [...options, '--auto-remove']
  }
  return []
}

/** The one package a step brings in, `null` for any other step. */
function installedBy(step: Step): string | null {
  if (step.kind !== 'command' || step.undo?.[1] !== 'remove') return null
  const [program, verb, ...words] = step.do
  return program === 'apt-get' && verb === 'install' && words.length === 2 && words[0] === '-y' ? words[1]! : null
}

async function undoOf(name: string, { host, sweep }: { host: Hands; sweep: readonly string[] }): Promise<readonly string[]> {
  const plan = await host.run(['apt-get', 'install', '--simulate', '-y', name])
  // A new package has no version in brackets, one that is upgraded names its old one there (apt-get(8), --simulate).
  const brought = [...(plan?.out ?? '').matchAll(/^Inst (\S+) \((?!\[)/gm)].map(([, one]) => one!)
  // dpkg(1): `rc` is removed, its configuration kept.
  const isKept = await says(host, ['dpkg-query', '--show', '--showformat=${db:Status-Abbrev}\n', ...brought], /^rc/m)
  if (!brought.includes(name) || isKept) return ['apt-get', 'remove', '-y', name]
  return ['apt-get', 'purge', '-y', ...sweep, name]
}

async function says(host: Hands, command: readonly string[], what: RegExp): Promise<boolean> {
  return what.test((await host.run(command))?.out ?? '')
}
