import { messageOf } from '../../base/index.ts'
import { broken, held, type Surface } from '../surface.ts'

/** One attempt to get out of the sandbox, and what came of it. */
export interface SandboxAttempt {
  id: string
  result: 'held' | 'escaped' | 'unknown'
  detail: string
}

/** What is tried at every round: one of each kind, those that are quick. The rest is `hardshell sandbox verify`. */
export const sandboxAttempts: readonly string[] = [
  'network.loopback', 'network.own-address', 'network.abstract-socket', 'network.unix-socket', 'network.interfaces', 'network.netlink',
  'processes.see', 'processes.ptrace', 'processes.first-memory', 'files.guard', 'files.gateway', 'files.other-agent', 'files.system', 'files.symlink',
  'files.container-sockets', 'files.environment', 'identity.root', 'identity.capabilities', 'identity.new-privileges',
  'kernel.user-namespace', 'kernel.mount', 'kernel.keyring', 'kernel.unfiltered',
]

/** Where tools run: attempts to get out are made from inside, through what OpenClaw starts and as the user it is. */
export function sandboxSurface(ports: {
  /** Makes the attempts of this list through the real shim; the nonce is the word that would be found outside. */
  tryEscapes(only: readonly string[], nonce: string, signal: AbortSignal): Promise<readonly SandboxAttempt[]>
  /** What in OpenClaw's configuration lets tools run elsewhere, or `null`. */
  misconfigured(): string | null
}): Surface {
  return {
    id: 'sandbox',
    title: 'tools of agents run in a sandbox that cannot be left',
    async prove(nonce, signal) {
      const elsewhere = ports.misconfigured()
      if (elsewhere !== null) return broken(`OpenClaw may run tools outside: ${elsewhere}`)
      const attempts = await ports.tryEscapes(sandboxAttempts, nonce, signal)
      const escaped = attempts.filter(({ result }) => result !== 'held')
      if (escaped.length > 0) return broken(escaped.map(({ id, result, detail }) => `${id} ${result}: ${detail}`).join('; '))
      const missing = sandboxAttempts.filter((id) => !attempts.some((attempt) => attempt.id === id))
      if (missing.length > 0) return broken(`not everything could be tried: ${missing.join(', ')}`)
      return held(`${attempts.length} attempts to get out were refused`)
    },
  }
}

/** The same where tools run in containers of an engine's: one is made as OpenClaw makes them, and looked at from inside. */
export function containerSurface(ports: {
  /** @returns what was seen, in words. @throws with what does not hold */
  tryContainer(): Promise<string>
  misconfigured(): string | null
}): Surface {
  return {
    id: 'sandbox',
    title: 'tools of agents run in containers without rights and without a network',
    async prove() {
      const elsewhere = ports.misconfigured()
      if (elsewhere !== null) return broken(`OpenClaw may run tools outside: ${elsewhere}`)
      try {
        return held(await ports.tryContainer())
      } catch (error) {
        return broken(messageOf(error))
      }
    },
  }
}
