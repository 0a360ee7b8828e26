/** One call as the shim asked for it. Everything in it is attacker-controlled. */
export interface SandboxRequest {
  /** Whose sandbox: an agent id, or `default` for agents the configuration does not name. */
  cell: string
  /** A line for `/bin/sh -c`, as ssh would hand it to a login shell. */
  command: string
  tty: boolean
}

/** The cell of agents that `openclaw.json` does not name. */
export const defaultCell = 'default'

/**
 * Reads what the shim was started with: the user of its `-F` file, then its arguments, as ssh takes them; all parted
 * by NUL. OpenClaw 2026.9.6 calls `ssh -F FILE (-T|-tt) -o RequestTTY=… HOST COMMAND`.
 * @returns `null` when that is not what it was started with
 */
export function readRequest(payload: Buffer): SandboxRequest | null {
  const [user, ...args] = payload.toString('utf8').split('\0')
  const parsed = readSshArguments(args)
  const cell = user === '' ? defaultCell : user!.toLowerCase()
  if (parsed === null || !isCellName(cell)) return null
  return { cell, ...parsed }
}

/** Folders and log lines are named by it. */
export function isCellName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)
}

// ssh(1): options that take a value. All of them are of no meaning here and ignored.
const withValue = /^-[BbcDEeFIiJLlmOopQRSWw]$/

function readSshArguments(args: readonly string[]): Omit<SandboxRequest, 'cell'> | null {
  let at = 0
  let tty = false
  for (; at < args.length && args[at]!.startsWith('-'); at++) {
    const option = args[at]!
    if (option === '--') break
    if (/^-t+$/.test(option)) tty = true
    else if (withValue.test(option)) at++
    else if (!/^-[A-Za-z0-9]+$/.test(option)) return null
  }
  if (args[at] === '--') at++
  const [host, ...words] = args.slice(at)
  return host === undefined || words.length === 0 ? null : { tty, command: words.join(' ') }
}
