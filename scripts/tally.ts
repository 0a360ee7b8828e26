import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** What a run came to. `failed` holds everything that went wrong, tests or not. */
export interface Count {
  passed: number
  failed: number
  skipped: number
}

/** The last line of `npm test`, read by people and by whatever runs the tests: `12 passed, 0 failed`. */
export function formatCount({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/**
 * Counts a run so that it cannot look better than it was. Failed are, each once: a test that failed or was begun and
 * never ended; a file that could not be loaded; a hook of a suite that threw (its tests look skipped); an error
 * nobody caught; and a run in which nothing passed or failed, because an empty run shows nothing.
 */
export class Tally implements Reporter {
  #count: Count | null = null

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    this.#count = countModules(modules, unhandled.length)
  }

  /** @returns one failure when the run never came to its end. */
  get count(): Count {
    const count = this.#count ?? { passed: 0, failed: 1, skipped: 0 }
    return count.passed + count.failed === 0 ? { ...count, failed: 1 } : count
  }
}

function countModules(modules: readonly TestModule[], unhandled: number): Count {
  const count: Count = { passed: 0, failed: unhandled, skipped: 0 }
  for (const module of modules) {
    count.failed += brokenSuites(module)
    for (const test of module.children.allTests()) count[outcomeOf(test)]++
  }
  return count
}

function brokenSuites(module: TestModule): number {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0)
  return suites.length + (module.errors().length > 0 ? 1 : 0)
}

function outcomeOf(test: TestCase): keyof Count {
  const { state } = test.result()
  return state === 'pending' ? 'failed' : state
}
