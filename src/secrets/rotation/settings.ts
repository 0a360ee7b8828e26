import { z } from 'zod'

const reference = z.string().regex(/^\$[A-Za-z_]\w*$/, 'a key is given as a reference to a secret, like $OPENAI_ADMIN_KEY')
const byOpenAi = z.strictObject({
  issuer: z.literal('openai').describe('who makes and ends the key').meta({ enforced: true }),
  project: z
    .string()
    .regex(/^proj_\w+$/, 'a project of OpenAI is named proj_…')
    .describe('project in which keys are made and ended')
    .meta({ enforced: true }),
  admin_key: reference
    .default('$OPENAI_ADMIN_KEY')
    .describe('admin key of the organization')
    .meta({ unit: 'reference', enforced: true }),
  base_url: z.url({ protocol: /^https?$/ }).optional().describe("address of the administration interface; left out: OpenAI's").meta({ unit: 'url', enforced: true }),
})

const byAnthropic = z.strictObject({
  issuer: z.literal('anthropic').describe('who ends the key; a new one is made in the Console').meta({ enforced: true }),
  admin_key: reference
    .default('$ANTHROPIC_ADMIN_KEY')
    .describe('admin key of the organization')
    .meta({ unit: 'reference', enforced: true }),
  base_url: z.url({ protocol: /^https?$/ }).optional().describe("address of the administration interface; left out: Anthropic's").meta({ unit: 'url', enforced: true }),
})

const byAwsIam = z.strictObject({
  issuer: z.literal('aws_iam').describe('who makes and ends the key').meta({ enforced: true }),
  user: z.string().regex(/^[\w+=,.@-]{1,64}$/, 'this is no name of an IAM user').describe('IAM user whose access keys are rotated').meta({ enforced: true }),
  admin_key: reference
    .optional()
    .describe('pair of access keys, as JSON, that may manage those of the user; left out: the pair that is rotated')
    .meta({ unit: 'reference', enforced: true }),
})

const byVault = z.strictObject({
  issuer: z.literal('vault').describe('Vault makes it on demand and ends it: its place in `secrets.paths` is an engine for databases or clouds').meta({ enforced: true }),
})

const byGateway = z.strictObject({
  issuer: z
    .literal('openclaw_gateway')
    .describe("OpenClaw's own token, `HARDSHELL_GATEWAY_TOKEN`: the guard makes it, the gateway takes it within seconds")
    .meta({ enforced: true }),
})

const byHand = z.strictObject({
  issuer: z.literal('by_hand').describe('a person makes and ends the key').meta({ enforced: true }),
})

/** `rotation`: who makes and ends each key. A key that is not listed is made and ended by a person. */
export const rotationSettings = z
  .record(
    z.string().regex(/^[A-Za-z_]\w*$/, 'a secret is named with letters, digits and underscores'),
    z.discriminatedUnion('issuer', [byOpenAi, byAnthropic, byAwsIam, byVault, byGateway, byHand]),
  )
  .check(({ value, issues }) => {
    for (const [name, { issuer }] of Object.entries(value)) {
      if ((issuer === 'openclaw_gateway') === (name.toUpperCase() === 'HARDSHELL_GATEWAY_TOKEN')) continue
      issues.push({ code: 'custom', input: value, path: [name, 'issuer'], message: '`openclaw_gateway` is for HARDSHELL_GATEWAY_TOKEN, and nobody else makes that one' })
    }
  })
  .default({})
  .describe('name of a secret → how it is rotated')

/** One entry of `rotation`. */
export type RotationSetting = z.output<typeof rotationSettings>[string]
