import { z } from 'zod'

// useradd's default pattern (Debian, adduser.conf NAME_REGEX), which sysusers and every unit file accept too.
const userName = z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/, 'a user name has lower case letters, digits, `-`, `_`')

const size = (least: number, fallback: string, meaning: string) =>
  z
    .string()
    .transform(parseSize)
    .pipe(z.int().min(least).max(1_000_000_000_000))
    .prefault(fallback)
    .describe(meaning)
    .meta({ unit: 'size', enforced: true })

const users = z.strictObject({
  guard: userName.default('hardshell').describe('user of the proxies where they run without root').meta({ enforced: true }),
  openclaw: userName.default('openclaw').describe('user of OpenClaw').meta({ enforced: true }),
})

// Two CPUs, 4 GB and 10 GB are what the guides call typical; 512 tasks leave room for a browser and a build.
const limits = z.strictObject({
  cpus: z.number().min(0.1).max(1024).default(2).describe('processor cores OpenClaw may use').meta({ enforced: true }),
  memory: size(512_000_000, '4GB', 'memory OpenClaw may use'),
  disk: size(100_000_000, '10GB', 'disk space for the state of OpenClaw'),
  pids: z.int().min(64).max(1_000_000).default(512).describe('processes and threads OpenClaw may have').meta({ enforced: true }),
})

const containers = z.strictObject({
  subnet: z
    .string()
    .regex(/^(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){1,2}$/, 'three numbers of a private network: 172.31.87')
    .refine((text) => text.split('.').length === 3, 'three numbers of a private network: 172.31.87')
    .default('172.31.87')
    .describe('network the containers meet on, a /28 of it')
    .meta({ enforced: true }),
  cluster_address: z
    .ipv4()
    .default('10.96.87.10')
    .describe("address of the guard inside a Kubernetes cluster, free and in the cluster's range of services")
    .meta({ enforced: true }),
  storage_quota: z
    .boolean()
    .default(false)
    .describe('write disk limits into container profiles; engines refuse them on file systems without project quotas')
    .meta({ enforced: true }),
})

/** `profiles`: what `hardshell generate` writes into units, containers and manifests. */
export const profileSettings = z
  .strictObject({
    users: users.prefault({}),
    limits: limits.prefault({}),
    containers: containers.prefault({}),
    sandboxing: z
      .boolean()
      .default(true)
      .describe('the unit of the whole guard may make namespaces, mounts and firewall rules, which sandboxes need')
      .meta({ enforced: true }),
  })
  .prefault({})
  .describe('generated units, containers and manifests')

/** `profileSettings`, read and with every default filled in. */
export type ProfileSettings = z.output<typeof profileSettings>

const bytesPer = { MB: 1_000_000, GB: 1_000_000_000 } as const

/** Reads `4GB`. Decimal units, as elsewhere in the configuration; `null` when it is not a size. */
function parseSize(text: string): number | null {
  const match = /^(\d{1,6})(MB|GB)$/.exec(text)
  return match ? Number(match[1]) * bytesPer[match[2] as keyof typeof bytesPer] : null
}
