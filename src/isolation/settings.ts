import { z } from 'zod'
import { parseDuration } from '../base/index.ts'

/** How OpenClaw's user is kept from the network. */
export const isolationModes = ['off', 'user', 'nftables', 'namespace', 'container'] as const

/** `isolation`: what the kernel enforces, whatever a program does with its proxy settings. */
export const isolationSettings = z
  .strictObject({
    mode: z
      .enum(isolationModes)
      .default('user')
      .describe('what stands between a program of the agent and the network; applied by `hardshell isolate apply`')
      .meta({ enforced: true }),
    confirm_within: z
      .string()
      .transform(parseDuration)
      // Below ten seconds nobody can look whether it works; beyond an hour a lock-out would last one.
      .pipe(z.int().min(10_000).max(3_600_000))
      .prefault('2m')
      .describe('an applied change is taken back unless it is confirmed within this time')
      .meta({ unit: 'duration', enforced: true }),
    container_engine: z
      .enum(['auto', 'podman', 'docker'])
      .default('auto')
      .describe('whose network `container` makes; `auto`: Podman\'s where it is installed, else Docker\'s')
      .meta({ enforced: true }),
    loopback_ports: z
      .array(z.int().min(1).max(65_535))
      .default([])
      .describe('further TCP ports of this machine that agents may reach with `nftables`, such as an MCP server')
      .meta({ unit: 'port', enforced: true }),
  })
  .prefault({})
  .describe('what the kernel enforces')
