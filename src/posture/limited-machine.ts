import type { Machine } from '../host/index.ts'

/** How much one fact may look at. Who writes into the folders that are looked at is not always a friend. */
export interface Limits {
  /** Files and folders, each time one is asked about. */
  looks: number
  /** Characters of their texts. */
  characters: number
}

// An installation of a busy year has some 10,000 files; 60,000 looks take two seconds on a small machine.
const usualLimits: Limits = { looks: 60_000, characters: 128 * 1024 * 1024 }
// Node reads with four threads; more at once is no faster, and only holds memory.
const atOnce = 16

/** Whose turn it is: of all facts, those that have looked least, so that no small one waits behind a large folder. */
export class Turns {
  private readonly waiting = new Map<Allowance, (() => void)[]>()
  private running = 0

  async take(who: Allowance): Promise<void> {
    if (this.running < atOnce) return void this.running++
    await new Promise<void>((resolve) => {
      const mine = this.waiting.get(who)
      if (mine) mine.push(resolve)
      else this.waiting.set(who, [resolve])
    })
  }

  give(): void {
    let next: Allowance | null = null
    for (const who of this.waiting.keys()) if (next === null || who.looks < next.looks) next = who
    if (next === null) return void this.running--
    const mine = this.waiting.get(next)!
    const go = mine.pop()!
    if (mine.length === 0) this.waiting.delete(next)
    go()
  }
}

/** Gives out views of machines that share one allowance; past it, or after `stop`, they refuse and say so. */
export class Allowance {
  looks = 0
  private readonly limits: Limits
  private readonly turns: Turns
  private readonly views = new Map<Machine, Machine>()
  private characters = 0
  private stopped = false

  constructor(turns: Turns, limits: Limits = usualLimits) {
    this.turns = turns
    this.limits = limits
  }

  /** The same view for the same machine: readers compare them. */
  of(machine: Machine): Machine {
    const known = this.views.get(machine)
    if (known) return known
    const { platform, home, uid, env, live } = machine
    const view: Machine = {
      platform,
      home,
      uid,
      env,
      live,
      names: async (path) => await this.look(async () => await machine.names(path)),
      status: async (path) => await this.look(async () => await machine.status(path)),
      rows: async (path, query) => await this.look(async () => await machine.rows(path, query)),
      ...(machine.bytes !== undefined && { bytes: async (path: string, maxBytes?: number) => await this.look(async () => await machine.bytes!(path, maxBytes)) }),
      ...(machine.gitPatches !== undefined && {
        gitPatches: async (objects: string, tips: readonly string[]) => {
          this.refuseIfSpent()
          return await machine.gitPatches!(objects, tips)
        },
      }),
      // A program takes as long as it likes: files do not wait for it.
      run: async (command, timeoutMs) => {
        this.refuseIfSpent()
        return await machine.run(command, timeoutMs)
      },
      text: async (path, maxBytes) => {
        const text = await this.look(async () => await machine.text(path, maxBytes))
        this.characters += text?.length ?? 0
        return text
      },
    }
    this.views.set(machine, view)
    return view
  }

  /** Nobody waits for the answer any more. */
  stop(): void {
    this.stopped = true
  }

  private async look<T>(read: () => Promise<T>): Promise<T> {
    this.refuseIfSpent()
    this.looks++
    await this.turns.take(this)
    try {
      if (this.stopped) throw tooLate()
      return await read()
    } finally {
      this.turns.give()
    }
  }

  private refuseIfSpent(): void {
    if (this.stopped) throw tooLate()
    if (this.looks >= this.limits.looks) throw new Error(`there is too much to look at: stopped after ${this.looks} looks at files`)
    if (this.characters >= this.limits.characters) throw new Error(`there is too much to read: stopped after ${Math.round(this.characters / 1024 / 1024)} MiB`)
  }
}

function tooLate(): Error {
  return new Error('too slow: nobody waits any more')
}
