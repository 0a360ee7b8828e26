import { hostOf, type FactReader } from '../subject.ts'

/** A container in which OpenClaw runs a browser for sandboxed agents. */
export interface BrowserContainer {
  name: string
  /** Addresses its ports are published on, as Docker tells them: `0.0.0.0:9222`. */
  published: readonly string[]
}

// More than one for each session of a busy day; each costs a question.
const maxContainers = 20

/** Those that are there. None where there is no Docker. */
export const browserContainers: FactReader<readonly BrowserContainer[]> = {
  deadlineMs: 10_000,
  async read(subject, _, leave) {
    const host = hostOf(subject)
    const listed = await host.run(['docker', 'ps', '-a', '--filter', 'label=openclaw.sandboxBrowser=1', '--format', '{{.Names}}'])
    if (listed === null) return []
    if (listed.status !== 0) throw new Error(`docker ps: ${listed.err.trim().split('\n')[0]}`)
    const names = listed.out.split('\n').map((line) => line.trim()).filter((line) => line !== '')
    if (names.length > maxContainers) leave({ part: 'browserContainers', what: 'containers', at: 'docker ps', looked: maxContainers, of: names.length })
    return await Promise.all(
      names.slice(0, maxContainers).map(async (name) => {
        const ports = await host.run(['docker', 'port', name])
        if (ports?.status !== 0) throw new Error(`docker port ${name} did not answer`)
        return { name, published: ports.out.split('\n').flatMap((line) => line.split('->')[1]?.trim() ?? []) }
      }),
    )
  },
}
