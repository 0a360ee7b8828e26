import { z } from 'zod'

/**
 * What OpenClaw's own configuration shall be. Names and values are OpenClaw's (its `config schema`, 2026.9.6), hence
 * the camel case. Where one value alone is compatible with a guard in front, only that one is accepted.
 */

// What guides print where a token has to go; like `generated` it asks for a strong one of our own making.
const tokenPlaceholder = 'replace-with-long-random-token'

const gatewayAuth = z.strictObject({
  mode: z
    .literal('token')
    .default('token')
    .describe('how clients of the gateway identify themselves')
    .meta({ enforced: true }),
  token: z
    .string()
    .regex(new RegExp(`^(\\$[A-Za-z_]\\w*|generated|${tokenPlaceholder})$`))
    .transform((token) => (token.startsWith('$') ? token : null))
    .prefault('generated')
    .describe('token of the gateway, as a reference to a secret; `generated`: the guard makes a strong one')
    .meta({ unit: 'reference-or-generated', enforced: false }),
})

/** `gateway`: the OpenClaw gateway behind the front door. */
export const gatewaySettings = z
  .strictObject({
    mode: z
      .literal('local')
      .default('local')
      .describe('the gateway runs on this machine')
      .meta({ enforced: true, refusal: 'a gateway on another machine has its guard there' }),
    bind: z
      .literal('loopback')
      .default('loopback')
      .describe('interfaces the gateway listens on')
      .meta({
        enforced: true,
        refusal: 'the gateway stays on loopback; what others reach is the front door, `server.listen`',
      }),
    port: z
      .int()
      .min(1)
      .max(65_535)
      // OpenClaw's own 18789 may belong to an installation that is not ours.
      .default(18_710)
      .describe('port of the guarded gateway')
      .meta({ unit: 'port', enforced: true }),
    auth: gatewayAuth.prefault({}),
  })
  .prefault({})
  .describe('the OpenClaw gateway')

/** `session`: who shares a conversation with whom. */
export const sessionSettings = z
  .strictObject({
    dmScope: z
      .enum(['main', 'per-peer', 'per-channel-peer', 'per-account-channel-peer'])
      .default('per-channel-peer')
      .describe('which direct messages share one session')
      .meta({ enforced: true }),
  })
  .prefault({})
  .describe('sessions of OpenClaw')

const fs = z.strictObject({
  workspaceOnly: z.boolean().default(true).describe('file tools stay inside the workspace').meta({ enforced: true }),
})

const exec = z.strictObject({
  security: z
    .enum(['deny', 'allowlist', 'full'])
    .default('deny')
    .describe('which commands may run')
    .meta({ enforced: true }),
  ask: z
    .enum(['off', 'on-miss', 'always'])
    .default('always')
    .describe('when a person is asked first')
    .meta({ enforced: true }),
})

const elevated = z.strictObject({
  enabled: z.boolean().default(false).describe('tools may run with the rights of the host').meta({ enforced: true }),
})

/** `tools`: what agents may do. */
export const toolSettings = z
  .strictObject({
    profile: z
      .enum(['minimal', 'coding', 'messaging', 'full'])
      .default('messaging')
      .describe('bundle of tools agents start from')
      .meta({ enforced: true }),
    deny: z
      .array(z.string().regex(/^[A-Za-z0-9_*:.-]+$/, 'a tool is named sessions_spawn, a group of tools group:runtime'))
      .default(['group:automation', 'group:runtime', 'group:fs', 'sessions_spawn', 'sessions_send'])
      .describe('tools and groups that are denied whatever else allows them')
      .meta({ enforced: true }),
    fs: fs.prefault({}),
    exec: exec.prefault({}),
    elevated: elevated.prefault({}),
  })
  .prefault({})
  .describe('tools of OpenClaw')

const group = z.strictObject({
  requireMention: z
    .boolean()
    .default(true)
    .describe('answer in the group only when mentioned')
    .meta({ enforced: false }),
})

const channel = z.strictObject({
  dmPolicy: z
    .enum(['pairing', 'allowlist', 'open', 'disabled'])
    .default('pairing')
    .describe('who may write to the agent directly')
    .meta({ enforced: false }),
  groups: z
    .record(z.string().min(1), group)
    .default({})
    .describe('id of a group, or `*` → how the agent behaves there'),
})

const channelName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'a channel is named as OpenClaw does: whatsapp, slack, nextcloud-talk')

/** `channels`: who may talk to agents from where. */
export const channelSettings = z
  .record(channelName, channel)
  .default({})
  .describe('name of a channel → who may talk there')

const sandbox = z.union([
  // `enabled` is how the hardening guide writes it; OpenClaw itself wants the long form.
  z.enum(['enabled', 'disabled']).transform((word) => ({
    mode: word === 'enabled' ? ('all' as const) : ('off' as const),
    backend: undefined,
    scope: 'agent' as const,
    workspaceAccess: 'rw' as const,
  })),
  z.strictObject({
    mode: z
      .enum(['off', 'all'])
      .default('all')
      .describe('which sessions run their tools in the sandbox')
      .meta({ enforced: true, refusal: 'all sessions, or none: a main session outside would hand its rights to whoever talks to it' }),
    backend: z
      .enum(['docker', 'podman', 'ssh'])
      .optional()
      .describe('what the sandbox is made of, before `sandbox.backend`; `ssh` is our own')
      .meta({ enforced: true }),
    scope: z.enum(['session', 'agent', 'shared']).default('agent').describe('who shares a sandbox').meta({ enforced: true }),
    workspaceAccess: z.enum(['none', 'ro', 'rw']).default('rw').describe('how the sandbox sees the workspace').meta({ enforced: true }),
  }),
])

const agent = z.strictObject({
  tools: z
    .array(z.string().min(1))
    .optional()
    .describe('tools the agent is expected to call')
    .meta({ enforced: false }),
})

/** `agents`: what holds for all agents, and for single ones. */
export const agentSettings = z
  .strictObject({
    defaults: z
      .strictObject({
        sandbox: sandbox
          .optional()
          .describe('isolation of tool execution: `enabled`, `disabled` or the long form of OpenClaw')
          .meta({ enforced: true }),
      })
      .prefault({}),
    entries: z
      .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'an agent id has letters, digits, `_`, `-`'), agent)
      .default({})
      .describe('id of an agent → what holds for it alone'),
  })
  .prefault({})
  .describe('agents')
