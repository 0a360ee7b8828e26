import { mkdir, rm, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { isNodeError, writeFileAtomic } from '../../base/index.ts'

/** What takes an unconfirmed run back when the machine is started again before anybody could confirm it. */
export interface BootUndo {
  /** Stands ready before the first change. */
  write(command: readonly string[]): Promise<void>
  /** Nothing there is no error. */
  remove(): Promise<void>
}

const name = 'hardshell-harden-undo.service'

/** A unit that runs before sshd and the firewall's users come up. @param etc `/etc`, or another root of configuration */
export function bootUndoIn(etc: string): BootUndo {
  const unit = `${etc}/systemd/system/${name}`
  const wanted = `${etc}/systemd/system/multi-user.target.wants`
  return {
    write: async (command) => {
      if (!existsSync(`${etc}/systemd/system`)) return
      await writeFileAtomic(unit, unitFor(command), { mode: 0o644 })
      await mkdir(wanted, { recursive: true, mode: 0o755 })
      await symlink(`../${name}`, `${wanted}/${name}`).catch((error: unknown) => {
        if (!isNodeError(error, 'EEXIST')) throw error
      })
    },
    remove: async () => {
      await rm(`${wanted}/${name}`, { force: true })
      await rm(unit, { force: true })
    },
  }
}

/** Where nothing can lock anybody out, or the machine is a copy. */
export const noBootUndo: BootUndo = { write: async () => await Promise.resolve(), remove: async () => await Promise.resolve() }

function unitFor(command: readonly string[]): string {
  return `[Unit]
Description=Hardshell: take back a hardening that nobody confirmed
After=local-fs.target
Before=ssh.service sshd.service

[Service]
Type=oneshot
ExecStart=${command.map(quoted).join(' ')}

[Install]
WantedBy=multi-user.target
`
}

// systemd.syntax(7): specifiers begin with %, variables with $.
function quoted(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}
