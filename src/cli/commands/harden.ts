import { resolve } from 'node:path'
import { systemClock } from '../../base/index.ts'
import { machineBelow, sessionOf, thisMachine } from '../../host/index.ts'
import { checks, handsFor, harden as hardenMachine, hardenPortsFor, locateSubject, planHarden, profiles, showPlan, watchOf, type Applied, type HardenChoice, type HardenPlan, type Hardened, type Risk, type Roots, type Site, type UndoneRun } from '../../posture/index.ts'
import { operatorName, pathsFor } from '../guard-access.ts'
import { rememberConfig } from '../installation.ts'
import { recordChange } from '../record-change.ts'
import { newRunId } from '../run-id.ts'
import type { Terminal } from '../terminal.ts'
import { waitingTime } from '../waiting-time.ts'
import { guardedHere } from './security-audit-surroundings.ts'
import { givenOptions } from './given-options.ts'
import { settledLine, showHardenPlan, waitingLines } from './harden-screen.ts'

export type HardenOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** `hardshell harden`: plan, diff, apply, verify. Exit 0: done or nothing to do, 1: something could not be mended, 5: something would have locked somebody out. */
export async function harden(options: HardenOptions, terminal: Terminal): Promise<number> {
  const choice = choiceOf(options)
  const withinMs = withinOf(options)
  const site = await siteOf(options, terminal)
  if (options['dryRun'] === true) {
    const plan = await planHarden(checks, choice, { site, consent: 'lockout' })
    tell({ settled: [], plan, applied: null }, { ...options, dry: true }, terminal)
    return exitOf(plan, null)
  }
  const asked: HardenPlan[] = []
  const here = ['config', 'stateDir', 'hostRoot'].every((name) => options[name] === undefined)
  const remember = async (why: string): Promise<void> => (here ? await rememberConfig(why, { state: typeof options['state'] === 'string' ? options['state'] : undefined }, terminal) : undefined)
  await remember('before a hardening')
  const ports = hardenPortsFor(hardenFolder(options, terminal), { by: operatorName(terminal.env), newId: () => newRunId(systemClock.now()) })
  const done = await hardenMachine(hardenFolder(options, terminal), { plan: async () => await agreedPlan(choice, { site, options, terminal, asked }), agreed: async () => await Promise.resolve(true), watchFor: (plan) => watchOf(plan.site, systemClock), withinMs }, ports)
  if (done.applied !== null) await remember(`after harden run ${done.applied.id}`)
  tell(done, options, terminal, asked)
  await record(done, options, terminal)
  return exitOf(done.plan, done.applied)
}

/** Where runs and their way back are kept. */
export function hardenFolder(options: HardenOptions, terminal: Terminal): string {
  return pathsFor({ state: typeof options['state'] === 'string' ? options['state'] : undefined }, terminal).harden
}

/** The plan with what the operator agrees to: safe changes need no word, a restart a yes, a lockout `--yes`. What was shown to ask for that yes is in `asked`. */
async function agreedPlan(choice: HardenChoice, { site, options, terminal, asked }: { site: Site; options: HardenOptions; terminal: Terminal; asked: HardenPlan[] }): Promise<HardenPlan> {
  const plan = async (consent: Risk): Promise<HardenPlan> => await planHarden(checks, choice, { site, consent })
  if (options['yes'] === true) return await plan('lockout')
  const safe = await plan('safe')
  if (options['json'] === true || !safe.waiting.some(({ risk }) => risk === 'restart')) return safe
  const more = await plan('restart')
  asked.push(more)
  terminal.err('What could be done, with restarts:')
  showHardenPlan(showPlan(more), terminal)
  const answer = await terminal.ask('Apply, with the restarts? [y/N] ')
  return /^y(es)?$/i.test(answer?.trim() ?? '') ? more : safe
}

async function siteOf(options: HardenOptions, terminal: Terminal): Promise<Site> {
  const path = (name: string): string | undefined => (typeof options[name] === 'string' ? resolve(terminal.cwd, options[name]) : undefined)
  const named = { config: path('config'), stateDir: path('stateDir'), hostRoot: path('hostRoot') }
  const anyNamed = Object.values(named).some((one) => one !== undefined)
  const guarded = anyNamed ? [] : await guardedHere(options, terminal)
  const { subject } = await locateSubject(named, guarded, { here: thisMachine(terminal.env), below: machineBelow }, Date.now())
  const roots = rootsOf(named, subject.host === null)
  return { subject, roots, hands: handsFor(roots), session: subject.host?.live === true ? sessionOf(terminal.env) : { user: null, connection: null } }
}

/** Files named inside the copied machine are its own; named elsewhere they lie where they lie. */
function rootsOf({ config, stateDir, hostRoot }: { config?: string | undefined; stateDir?: string | undefined; hostRoot?: string | undefined }, noHost: boolean): Roots {
  const host = noHost ? null : hostRoot === undefined || hostRoot === '/' ? '' : hostRoot
  const named = [config, stateDir].filter((path) => path !== undefined)
  return { host, files: host !== null && named.every((path) => host === '' || path.startsWith(`${host}/`)) ? host : '' }
}

function choiceOf(options: HardenOptions): HardenChoice {
  const only = ([options['only'] ?? []].flat() as string[]).flatMap((ids) => ids.split(',')).filter((id) => id !== '')
  return { profile: profiles.find((profile) => profile === options['profile']) ?? 'personal', only }
}

// Shorter than a login takes is no time to look; longer than an hour is a machine nobody reaches.
function withinOf({ confirmWithin: flag }: HardenOptions): number {
  if (typeof flag !== 'string') return 300_000
  return waitingTime(flag, { flag: '--confirm-within', leastMs: 5000, mostMs: 3_600_000, bounds: 'between five seconds and an hour', hint: 'hardshell harden --yes --confirm-within 5m' })
}

function tell({ settled, plan, applied }: Hardened, options: HardenOptions, terminal: Terminal, asked: readonly HardenPlan[] = []): void {
  if (options['json'] === true) return terminal.out(JSON.stringify(asJson({ settled, plan, applied }), null, 2))
  for (const one of settled) terminal.err(settledLine(one))
  const shown = showPlan(plan)
  if (asked.length > 0 && !asked.includes(plan)) terminal.err('What is done, without them:')
  if (shown.steps.length > 0 && !asked.includes(plan)) showHardenPlan(shown, terminal)
  for (const line of waitingLines(plan, givenHere(options), terminal)) terminal.out(line)
  if (options['dry'] === true) return terminal.err('nothing was changed')
  if (applied === null) return terminal.out('nothing to change')
  for (const { check, why } of applied.takenBack) terminal.out(`${terminal.paint('yellow', 'taken back')} ${check}: ${why}`)
  terminal.out(`${terminal.paint('green', 'done')}: ${applied.mended.length} ${applied.mended.length === 1 ? 'check passes' : 'checks pass'} now. Back: ${terminal.self} harden undo ${applied.id}`)
  if (applied.confirmBy !== null) terminal.err(`in force until ${new Date(applied.confirmBy).toISOString().slice(11, 19)} UTC, then taken back by itself. Log in anew from elsewhere, then: ${terminal.self} harden confirm`)
}

/** `--yes` and `--dry-run` left out: they are what the next call differs in. */
function givenHere({ profile, ...options }: HardenOptions): string {
  return givenOptions(profile === 'personal' ? options : { profile, ...options }, ['profile', 'only', 'config', 'stateDir', 'hostRoot', 'state'])
}

function asJson({ settled, plan, applied }: Hardened): object {
  return {
    ok: true,
    run: applied?.id ?? null,
    confirmBy: applied?.confirmBy == null ? null : new Date(applied.confirmBy).toISOString(),
    mended: applied?.mended ?? [],
    takenBack: applied?.takenBack ?? [],
    settled: settled.map(({ id, left }: UndoneRun) => ({ id, left })),
    plan: showPlan(plan),
    waiting: plan.waiting,
    aside: plan.aside,
    unknown: plan.unknown,
  }
}

async function record({ settled, applied }: Hardened, options: HardenOptions, terminal: Terminal): Promise<void> {
  const state = { state: typeof options['state'] === 'string' ? options['state'] : undefined }
  for (const { id } of settled) await recordChange({ rule: 'harden.undone', target: `harden run ${id}`, result: 'taken back: it was never finished or confirmed' }, state, terminal)
  if (applied !== null) await recordChange({ rule: 'harden.applied', target: `harden run ${applied.id}`, result: `mended ${applied.mended.join(', ') || 'nothing'}` }, state, terminal)
}

function exitOf(plan: HardenPlan, applied: Applied | null): number {
  if (plan.aside.some(({ refused }) => refused)) return 5
  return plan.aside.length > 0 || (applied?.takenBack.length ?? 0) > 0 ? 1 : 0
}
