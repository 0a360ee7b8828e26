import { isDeepStrictEqual } from 'node:util'
import type { Machine } from '../../host/index.ts'
import type { Draft } from './draft.ts'
import type { CommandStep, Step } from './step.ts'

const isSysctlFile = (path: string): boolean => path === '/etc/sysctl.conf' || path.startsWith('/etc/sysctl.d/')

/**
 * The steps with what makes the kernel take values of sysctl files now, one command a value, each with the value it
 * has today as its way back: taking a line out of a file would leave the kernel as it is.
 */
export async function kernelSteps(steps: readonly Step[], draft: Draft, host: Machine | null): Promise<readonly Step[]> {
  const out: Step[] = []
  for (const step of steps) {
    // Before it, so that it is taken back after ufw is off.
    if (host !== null && switchesUfwOn(step)) out.push(...(await ufwSteps(step, host)).filter((command) => !isIn(steps, command) && !isIn(out, command)))
    out.push(step)
    if (host === null || step.kind !== 'content' || step.after === null || !isSysctlFile(step.path)) continue
    const before = valuesOf(draft.formerly(step)?.bytes?.toString('utf8') ?? '')
    for (const [key, value] of valuesOf(draft.contentOf(step).toString('utf8'))) {
      if (before.get(key) === value) continue
      const command = await commandFor(key, value, { host, step })
      // A check may say it in words of its own.
      if (command !== null && !isIn(steps, command)) out.push(command)
    }
  }
  return out
}

const isIn = (steps: readonly Step[], command: CommandStep): boolean => steps.some((known) => known.kind === 'command' && isDeepStrictEqual(known.do, command.do))
const switchesUfwOn = (step: Step): step is CommandStep => step.kind === 'command' && step.do[0] === 'ufw' && step.do.includes('enable')

/** ufw sets kernel values of its own when it is switched on (ufw(8), IPT_SYSCTL) and leaves them when it is switched off. */
async function ufwSteps(step: CommandStep, host: Machine): Promise<CommandStep[]> {
  const read = async (path: string): Promise<string> => (await host.text(path).catch(() => null)) ?? ''
  const path = /^IPT_SYSCTL=["']?(\/[^\s"']+)/m.exec(await read('/etc/default/ufw'))?.[1]
  const text = path === undefined ? '' : await read(path)
  const commands = await Promise.all([...valuesOf(text)].map(async ([key, value]) => await commandFor(key, value, { host, step })))
  return commands.flatMap((command) => (command === null ? [] : [{ ...command, means: `ufw has the kernel take ${command.do.at(-1)}` }]))
}

async function commandFor(key: string, value: string, { host, step }: { host: Machine; step: Step }): Promise<CommandStep | null> {
  // Dots and slashes change places in names of interfaces (sysctl(8)); ours have no such names.
  const now = await host.text(`/proc/sys/${key.replaceAll('.', '/')}`).catch(() => null)
  const plain = now?.trim().replaceAll(/\s+/g, ' ') ?? null
  // A kernel without it takes the file's word at a later start, or never.
  if (plain === null || plain === value) return null
  return { kind: 'command', part: step.part, checks: step.checks, do: ['sysctl', '-q', '-w', `${key}=${value}`], undo: ['sysctl', '-q', '-w', `${key}=${plain}`], means: `the kernel takes ${key} now, not at its next start` }
}

function valuesOf(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'))
  return new Map(lines.flatMap((line) => {
    const found = /^-?\s*([\w.*/-]+)\s*=\s*(.*)$/.exec(line)
    return found === null ? [] : [[found[1]!.replaceAll('/', '.'), found[2]!.trim().replaceAll(/\s+/g, ' ')] as const]
  }))
}
