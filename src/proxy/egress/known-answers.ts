import type { Answer, Question } from './judge.ts'

// Hosts come from the agent's side: a flood of invented ones costs a megabyte at most, and then the rest is judged anew.
const maxKnown = 1_024

/**
 * What the lists said, as long as they hold: the same few hosts are asked for all day. What depends on a path, on an
 * address or on the moment (kill switch, proofs, shares) is never in here.
 */
export class KnownAnswers {
  readonly #known = new Map<string, Answer>()

  /** @returns `undefined`: it is not known, or never will be */
  find({ identity, target, request }: Question): Answer | undefined {
    return typeof request === 'string' ? this.#known.get(keyOf(identity, target, request)) : undefined
  }

  keep({ identity, target, request }: Question, answer: Answer): Answer {
    if (typeof request !== 'string') return answer
    if (this.#known.size >= maxKnown) this.#known.clear()
    this.#known.set(keyOf(identity, target, request), answer)
    return answer
  }

  /** Other lists hold from now on. */
  forget(): void {
    this.#known.clear()
  }
}

function keyOf({ name }: Question['identity'], { host, port }: Question['target'], request: string): string {
  return `${request} ${name} ${host} ${port}`
}
