import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { HardshellError, systemClock } from '../../base/index.ts'
import { readConfiguration } from '../../guard/prepare.ts'
import { openSandbox, type Call } from '../../sandbox/index.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

/**
 * `hardshell sandbox run -- CMD`: a program in a sandbox like an agent's, to look around by hand. With `--agent` in that
 * agent's own files, else in an empty one that is gone afterwards. Always without a network.
 */
export async function sandboxRun(argv: readonly string[], options: { agent?: string | boolean; state?: string | boolean; config?: string | boolean }, terminal: Terminal): Promise<number> {
  const { config } = await readConfiguration({ config: typeof options.config === 'string' ? options.config : undefined, env: terminal.env, cwd: process.cwd() })
  const agent = typeof options.agent === 'string' ? options.agent.toLowerCase() : null
  const state = pathsFor(options, terminal).sandbox
  if (agent !== null && !existsSync(join(state, 'cells', agent))) {
    throw new HardshellError('sandbox.refused', `${agent} has no files in the sandbox of ${state}`, { hint: `ls ${join(state, 'cells')}` })
  }
  const root = agent === null ? await mkdtemp(join(tmpdir(), 'hardshell-look-')) : state
  try {
    const sandbox = await openSandbox(
      { root, settings: { ...config.sandbox, network: 'none', agents: {} } },
      { clock: systemClock, egress: () => ({ host: '127.0.0.1', port: 0 }), proxyCredential: () => null, onLimit: (_cell, why) => terminal.err(why) },
    )
    try {
      return await carry(await sandbox.run({ cell: agent ?? 'look', argv, tty: process.stdin.isTTY }))
    } finally {
      await sandbox.close()
    }
  } finally {
    if (agent === null) await rm(root, { recursive: true, force: true })
  }
}

async function carry(call: Call): Promise<number> {
  if (process.stdin.isTTY) process.stdin.setRawMode(true)
  process.stdin.pipe(call.stdin)
  call.stdout.pipe(process.stdout, { end: false })
  call.stderr.pipe(process.stderr, { end: false })
  try {
    const { status, said } = await call.ended
    if (said !== null) process.stderr.write(`ended: ${said}\n`)
    return status
  } finally {
    if (process.stdin.isTTY) process.stdin.setRawMode(false)
    process.stdin.destroy()
  }
}
