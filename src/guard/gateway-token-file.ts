import { readJson5 } from '../openclaw/index.ts'
import { createRotationJournal, type RotationJournal } from '../secrets/index.ts'
import { recordReplaced } from './adoption.ts'
import { gatewayTokenName } from './gateway-token.ts'
import { writeConfig, type Overlaid } from './openclaw-config.ts'
import type { Drawer } from './own-keys.ts'
import type { Plan } from './prepare.ts'

// The name under which rotations under way lie in the local store.
const journalName = 'HARDSHELL_ROTATIONS'

/** Rotations under way, as the drawer of this machine keeps them. */
export function journalIn(drawer: Drawer): RotationJournal {
  return createRotationJournal({
    get: async () => await drawer.get(journalName),
    put: async (secret) => await drawer.put(journalName, secret),
  })
}

type Place = Pick<Plan, 'adopted' | 'installation'> & { input: Pick<Plan['input'], 'paths' | 'user'> }

/** Of an adopted file the record is kept true as well: undoing must still know it as ours. */
export async function writeGatewayToken({ adopted, installation, input }: Place, { after, changes }: Overlaid): Promise<void> {
  if (changes.length === 0) return // a rotation that is taken up again may find it written
  if (adopted) await recordReplaced(input.paths, after)
  else await writeConfig(installation.configFile, after, input.user)
}

/**
 * What the start has to change, without a token that a rotation left in an adopted file when it was cut off between the
 * drawer and the file: that is written now, for nothing else may be changed in such a file. The private profile has all
 * of it written anyway.
 * @returns as it came when anything else differs, or no rotation of the token is unfinished
 */
export async function withOwnToken(plan: Place & { input: { secrets: { local: Drawer } } }, overlaid: Overlaid): Promise<Overlaid> {
  const { changes, after } = overlaid
  if (!plan.adopted || changes.length === 0 || changes.some(({ at }) => at.slice(0, 2).join('.') !== 'gateway.auth')) return overlaid
  const cutOff = (await journalIn(plan.input.secrets.local).open()).find(({ name }) => name === gatewayTokenName)
  const found = tokenIn(overlaid.before)
  if (!cutOff || found === null || ![cutOff.old, cutOff.fresh].some((token) => token?.reveal() === found)) return overlaid
  await writeGatewayToken(plan, overlaid)
  return { before: after, after, changes: [] }
}

function tokenIn(text: string): string | null {
  const { gateway } = readJson5(text) as { gateway?: { auth?: { token?: unknown } } }
  return typeof gateway?.auth?.token === 'string' ? gateway.auth.token : null
}
