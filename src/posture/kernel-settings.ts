import { lineIn, type Change } from './change.ts'
import { defineCheck, type Check, type Severity } from './check.ts'
import { ownSysctls, type KernelFacts, type SysctlKey } from './facts/kernel.ts'

/** A question about settings of the kernel. */
export interface SysctlRule {
  id: `kernel.${string}`
  title: string
  severity: Severity
  why: string
  source: string
  keys: readonly SysctlKey[]
  good(value: number): boolean
  want: string
  to: string
  /** What the kernel does when nobody says anything, judged where only files of a machine are there. */
  otherwise: string
  bad: string
  /** One good key is enough, as where the kernel takes the stricter of two; the first one is set. Default: all have to be. */
  anyIsEnough?: true
}

/** Judged by the running kernel where there is one; mended in our own file and in the kernel at once. */
export function sysctlCheck({ keys, good, want, to, otherwise, bad, anyIsEnough, ...about }: SysctlRule): Check {
  const wrong = (kernel: KernelFacts): readonly SysctlKey[] => {
    const failing = keys.filter((key) => !isGood(valueOf(kernel, key, otherwise), good))
    return !anyIsEnough ? failing : failing.length === keys.length ? failing.slice(0, 1) : []
  }
  return defineCheck({
    ...about,
    needs: ['kernel'],
    applies: ({ kernel }) => keys.some((key) => valueOf(kernel, key, otherwise) !== null),
    judge: ({ kernel }) => wrong(kernel).map((key) => ({ at: key, saw: valueOf(kernel, key, otherwise)!, want })),
    fix: { risk: 'safe', part: 'sysctl', plan: ({ kernel }) => wrong(kernel).flatMap((key) => setSysctl(kernel, key, to)) },
    examples: {
      pass: { running: { files: procFiles(keys, to) }, configured: { files: { '/etc/sysctl.d/50-own.conf': keys.map((key) => `${key}=${to}\n`).join('') } } },
      fail: {
        running: { files: procFiles(keys, bad), fixedFiles: procFiles(keys, to) },
        configured: { files: { '/etc/sysctl.d/50-own.conf': keys.map((key) => `${key} = ${to}\n`).join(''), '/etc/sysctl.conf': `# later\n${(anyIsEnough ? keys : keys.slice(0, 1)).map((key) => `${key} = ${bad}\n`).join('')}` } },
      },
    },
  })
}

/** `null` where the running kernel has no such setting. */
function valueOf({ runs, now, configured }: KernelFacts, key: SysctlKey, otherwise: string): string | null {
  return runs ? (now[key] ?? null) : (configured[key] ?? otherwise)
}

/** A setting the kernel does not have cannot be wrong. */
function isGood(value: string | null, good: SysctlRule['good']): boolean {
  return value === null || good(Number(value))
}

function setSysctl({ runs, now, own }: KernelFacts, key: SysctlKey, to: string): readonly Change[] {
  const from = lineIn(own, { key, separator: ' = ' })
  const file: Change[] = from === to ? [] : [{ kind: 'line', path: ownSysctls, key, separator: ' = ', from, to }]
  return runs ? [...file, { kind: 'command', do: ['sysctl', '-q', '-w', `${key}=${to}`], undo: ['sysctl', '-q', '-w', `${key}=${now[key]!}`], means: `the running kernel takes ${key} = ${to}` }] : file
}

function procFiles(keys: readonly SysctlKey[], value: string): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [`/proc/sys/${key.replaceAll('.', '/')}`, `${value}\n`]))
}
