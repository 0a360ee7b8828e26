import type { FactReader } from '../subject.ts'

/** What OpenClaw could make sandboxes with. */
export interface SandboxRuntimeFacts {
  /** Docker or Podman, `null` when neither is seen: also where only files of an installation were given. */
  program: string | null
}

// Where packages, snaps and Homebrew put them.
const folders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/homebrew/bin']

export const sandboxRuntime: FactReader<SandboxRuntimeFacts> = {
  async read({ host }) {
    if (host === null) return { program: null }
    for (const folder of folders) {
      for (const name of ['docker', 'podman']) if ((await host.status(`${folder}/${name}`)) !== null) return { program: `${folder}/${name}` }
    }
    return { program: null }
  },
}
