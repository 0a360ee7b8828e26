import { HardshellError } from '../../base/index.ts'
import type { FakeKeyKind } from '../../content/index.ts'
import { canaryPlaces, makeCanary } from '../../guard/canaries.ts'
import { openSecrets } from '../../guard/secrets.ts'
import { pathsFor } from '../guard-access.ts'
import { visible, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell canary new PLACE`: prints the canary, to be put there by the operator. */
export async function newCanary(place: string, options: Options, terminal: Terminal): Promise<number> {
  if (!/^[\w .:/@-]{1,100}$/.test(place)) {
    throw new HardshellError('cli.usage', 'a place is named with letters, digits and . : / @ _ -, 100 at most', { hint: 'hardshell canary new notes.md' })
  }
  const kind = options['kind'] === 'words' ? null : (options['kind'] as FakeKeyKind) // one of the list in program.ts
  const { local } = openSecrets(pathsFor(options, terminal), terminal.env)
  const canary = await makeCanary(local, { place, kind })
  terminal.out(options['json'] === true ? JSON.stringify({ ok: true, place, canary }) : canary)
  terminal.err(`put this into ${visible(place)}; a guard watches for it from its next start on`)
  return 0
}

/** `hardshell canary list`: places, never the canaries. */
export async function listCanaries(options: Options, terminal: Terminal): Promise<number> {
  const places = await canaryPlaces(openSecrets(pathsFor(options, terminal), terminal.env).local)
  terminal.out(options['json'] === true ? JSON.stringify({ ok: true, places }) : places.map(visible).join('\n') || 'no canary was made')
  return 0
}
