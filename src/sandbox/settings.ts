import { z } from 'zod'
import { parseDuration } from '../base/index.ts'

// Powers of 1024, as the memory and disk of a machine are counted.
const sizeUnits: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

function parseSize(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(KB|MB|GB)$/i.exec(text.trim())
  return found ? Math.round(Number(found[1]) * sizeUnits[found[2]!.toUpperCase()]!) : null
}

function size(preset: string, least: number, describe: string): z.ZodPrefault<z.ZodType<number, string>> {
  return z
    .string()
    .transform(parseSize)
    .pipe(z.int('a size is written 512MB or 4GB').min(least))
    .prefault(preset)
    .describe(describe)
    .meta({ unit: 'size', enforced: true })
}

const duration = (preset: string, describe: string): z.ZodPrefault<z.ZodType<number, string>> =>
  z.string().transform(parseDuration).pipe(z.int('a duration is written 30m or 1h').min(1000).max(86_400_000)).prefault(preset).describe(describe).meta({ unit: 'duration', enforced: true })

const limits = z
  .strictObject({
    memory: size('4GB', 64 * 1024 ** 2, 'memory of all programs of one agent together (per program where the machine has no memory cgroup)'),
    // A build of a large program runs some hundreds; a fork bomb wants all there are.
    processes: z.int().min(16).max(32_768).default(512).describe('programs and threads of one agent at a time').meta({ unit: 'count', enforced: true }),
    open_files: z.int().min(64).max(1_048_576).default(4096).describe('open files of one program').meta({ unit: 'count', enforced: true }),
    file_size: size('2GB', 1024 ** 2, 'size of one file'),
    disk: size('10GB', 16 * 1024 ** 2, 'files of one agent together: workspace, home and temporary files'),
    cpu: z.number().min(0.1).max(1024).default(2).describe('processors one agent may keep busy, where the machine has a cpu cgroup').meta({ unit: 'processors', enforced: true }),
    cpu_time: duration('1h', 'processor time of one program'),
    wall_clock: duration('2h', 'how long one call may last'),
    calls: z.int().min(1).max(1024).default(64).describe('calls of all agents at a time; one agent gets three quarters of them at the most').meta({ unit: 'count', enforced: true }),
  })
  .prefault({})
  .describe('limits of one agent in the sandbox')

const network = z.enum(['none', 'egress'])

/** `sandbox`: where the tools of agents run. */
export const sandboxSettings = z
  .strictObject({
    backend: z
      .enum(['shim', 'docker', 'podman', 'off'])
      .default('shim')
      .describe("where tools run: `shim` is our own sandbox, `docker` and `podman` are OpenClaw's with hardened values, `off` leaves them to the gateway's user")
      .meta({ enforced: true }),
    image: z
      .string()
      .regex(/^[a-z0-9][\w./:@-]*$/i, 'an image is named as docker does')
      .default('openclaw-sandbox:bookworm-slim')
      .describe('image of the docker and podman backends')
      .meta({ enforced: true }),
    network: network.default('none').describe('`none`: no network at all; `egress`: the egress proxy and nothing else').meta({ enforced: true }),
    agents: z
      .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'an agent id has letters, digits, `_`, `-`'), z.strictObject({ network: network.describe('network of this agent').meta({ enforced: true }) }))
      .default({})
      .describe('id of an agent → what holds for it alone'),
    readable: z
      .array(z.string().regex(/^\/[^\0]*$/, 'an absolute path'))
      .default([])
      .describe('more folders of this machine that tools may read, and not change')
      .meta({ enforced: true }),
    limits,
  })
  .prefault({})
  .describe('the sandbox tools run in')

/** The settings with their defaults: sizes are bytes, durations milliseconds. */
export type SandboxSettings = DeepReadonly<z.output<typeof sandboxSettings>>

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
