import { messageOf } from '../base/index.ts'
import { readers, type FactName, type Facts } from './facts.ts'
import { Allowance, Turns } from './limited-machine.ts'
import { DoesNotArise, NotGiven, type Ask, type Subject } from './subject.ts'
import { unseenLine, type Unseen } from './unseen.ts'

/**
 * A fact with what of it was left out, or why it could not be had; `arises: false` where there is nothing to ask about,
 * `given: false` where nobody handed it over.
 */
export type Fact<T> = { known: true; value: T; unseen?: readonly Unseen[] } | { known: false; why: string; arises?: false; given?: false }

export type Gathered = { readonly [K in FactName]?: Fact<Facts[K]> }

// `systemctl` and `ufw` answer within a second on a small machine; whoever takes longer is not waited for.
const defaultDeadlineMs = 3000

/**
 * Reads the named facts, each once, the settings first and then all at the same time, each with its deadline. Never throws.
 * @param patienceMs no deadline is shorter: for whoever would rather wait than not know
 */
export async function gather(subject: Subject, names: Iterable<FactName>, patienceMs = 0): Promise<Gathered> {
  const asked = new Map<FactName, Promise<Fact<unknown>>>()
  const turns = new Turns()
  const read = (name: FactName): Promise<Fact<unknown>> => {
    const known = asked.get(name)
    if (known) return known
    const { read: reading, deadlineMs = defaultDeadlineMs } = readers[name]
    const allowance = new Allowance(turns)
    const unseen: Unseen[] = []
    const fact = withDeadline(async () => await reading(within(allowance, subject), ask, (one) => void unseen.push(one)), { deadlineMs: Math.max(deadlineMs, patienceMs), late: () => allowance.stop() })
      .then((one) => (unseen.length > 0 ? partly(one, unseen) : one))
    asked.set(name, fact)
    return fact
  }
  const ask: Ask = async (name) => {
    const fact = await read(name)
    if (!fact.known) throw errorOf(fact)
    return fact.value as never
  }
  const chosen = [...new Set(names)]
  // Half of the checks stand on it, and on a machine with very many files it would wait behind them.
  if (chosen.includes('config')) await read('config')
  const facts = await Promise.all(chosen.map(read))
  return Object.fromEntries(chosen.map((name, i) => [name, facts[i]])) as Gathered
}

/** Why a check is about something nobody handed over, or `null`: it is then neither unknown nor passed. */
export function notGiven({ needs }: { needs: readonly FactName[] }, gathered: Gathered): string | null {
  const fact = needs.map((name) => gathered[name]).find((one) => one?.known === false && one.given === false)
  return fact?.known === false ? fact.why : null
}

/** What was left out of all of them. */
export function unseenOf(gathered: Gathered): readonly Unseen[] {
  return Object.values(gathered).flatMap((fact) => (fact.known ? (fact.unseen ?? []) : []))
}

/** Where something was left out nobody can say that there is nothing. */
function partly<T>(fact: Fact<T>, unseen: readonly Unseen[]): Fact<T> {
  if (fact.known) return { ...fact, unseen }
  return fact.arises === false ? { known: false, why: unseenLine(unseen[0]!) } : fact
}

function within(allowance: Allowance, subject: Subject): Subject {
  return { ...subject, host: subject.host === null ? null : allowance.of(subject.host), files: allowance.of(subject.files) }
}

async function withDeadline<T>(read: () => Promise<T>, { deadlineMs, late: stop }: { deadlineMs: number; late(): void }): Promise<Fact<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Fact<T>>((resolve) => {
    timer = setTimeout(() => {
      stop()
      resolve({ known: false, why: `no answer within ${deadlineMs} ms` })
    }, deadlineMs)
  })
  try {
    return await Promise.race([read().then((value): Fact<T> => ({ known: true, value })), late])
  } catch (error) {
    const kind = error instanceof DoesNotArise ? { arises: false as const } : error instanceof NotGiven ? { given: false as const } : {}
    return { known: false, why: whyOf(error), ...kind }
  } finally {
    clearTimeout(timer)
  }
}

/** What a parser says quotes the text that it stumbled over, which may be a key. */
function whyOf(error: unknown): string {
  return error instanceof SyntaxError || (error instanceof Error && error.name === 'YAMLParseError') ? 'a file that is needed cannot be parsed' : messageOf(error)
}

function errorOf({ why, arises, given }: { why: string; arises?: false; given?: false }): Error {
  return arises === false ? new DoesNotArise(why) : given === false ? new NotGiven(why) : new Error(why)
}
