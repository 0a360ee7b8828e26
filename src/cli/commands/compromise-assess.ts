import { existsSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { HardshellError, messageOf } from '../../base/index.ts'
import { machineBelow, thisMachine } from '../../host/index.ts'
import { assess, locateSubject, readIndicators, type Assessment, type CompromiseHit } from '../../posture/index.ts'
import { logPathFor } from '../guard-access.ts'
import { asCalledHere, columns, visible, type Terminal } from '../terminal.ts'
import { fitted } from '../wrapped.ts'
import { guardedHere } from './security-audit-surroundings.ts'

type Options = Readonly<Record<string, string | boolean | undefined>>

/** `hardshell compromise assess`: exit 0 when nothing was found in what could be read, 1 for a hit or something to look at. Changes nothing. */
export async function compromiseAssess(options: Options, terminal: Terminal): Promise<number> {
  const path = (name: string): string | undefined => (typeof options[name] === 'string' ? resolve(terminal.cwd, options[name]) : undefined)
  const [hostRoot, stateDir, list] = [path('hostRoot'), path('stateDir'), path('indicators')]
  if (hostRoot !== undefined && stateDir !== undefined && !stateDir.startsWith(`${hostRoot}/`)) {
    throw new HardshellError('cli.usage', '--state-dir has to lie below --host-root', { hint: 'hardshell compromise assess --host-root /mnt/disk --state-dir /mnt/disk/home/claw/.openclaw' })
  }
  const here = thisMachine(terminal.env)
  const guarded = hostRoot === undefined && stateDir === undefined ? await guardedHere(options, terminal) : []
  const { subject } = await locateSubject({ stateDir, hostRoot }, guarded, { here, below: machineBelow }, Date.now())
  const home = typeof options['home'] === 'string' ? options['home'] : subject.files.home
  const log = hostRoot === undefined ? logPathFor(options, terminal) : null
  const found = await assess(
    {
      home,
      stateDir: subject.stateDir,
      config: subject.config,
      indicators: list === undefined ? [] : readIndicators(await readList(list), list),
      auditLog: log !== null && existsSync(log) ? log : null,
    },
    { machine: hostRoot === undefined ? here : machineBelow(hostRoot, { home }), realPath: async (file) => await placeOf(hostRoot ?? '', file), now: () => performance.now() },
  )
  terminal.out(options['json'] === true ? JSON.stringify(found) : fitted(asText(found, terminal)))
  return found.verdict === 'clean-as-far-as-looked' ? 0 : 1
}

async function readList(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new HardshellError('posture.unreadable', `${path} cannot be read: ${messageOf(error)}`, { hint: `ls -l ${path}` })
  }
}

/** Where a file of the machine lies here; a link of a copied machine must not lead out of it. */
async function placeOf(root: string, path: string): Promise<string | null> {
  const real = await realpath(join(root, path))
  return root === '' || real.startsWith(`${await realpath(root)}/`) ? real : null
}

const verdicts = { hit: 'red', suspicious: 'yellow', 'clean-as-far-as-looked': 'green' } as const
// A whole folder that could not be read is one line; more than this is a wall nobody reads.
const maxUnread = 20

function asText({ verdict, hits, looked, unread, knowledge, next, seconds }: Assessment, { paint, self }: Terminal): string {
  const files = looked.reduce((sum, area) => sum + area.files, 0)
  return [
    `${paint(verdicts[verdict], verdict === 'hit' ? '■ hit' : verdict === 'suspicious' ? '■ suspicious' : '■ clean as far as looked')}: ${files} files in ${seconds.toFixed(1)} s, ${knowledge.indicators} indicators (newest ${knowledge.newest}), ${knowledge.behaviours} rules`,
    ...hits.flatMap((hit) => ['', ...hitLines(hit, paint)]),
    '',
    paint('bold', 'Looked at'),
    columns(looked.map(({ area, files: count, bytes }) => [`  ${area}`, `${count} ${count === 1 ? 'file' : 'files'}`, `${Math.ceil(bytes / 1024)} KiB`])),
    ...(unread.length === 0 ? [] : ['', paint('yellow', `Not looked at: ${unread.length}`), ...unread.slice(0, maxUnread).map(({ at, why }) => `  ${visible(at)}: ${visible(why)}`), ...(unread.length > maxUnread ? [`  and ${unread.length - maxUnread} more (--json)`] : [])]),
    '',
    paint('bold', 'Next'),
    ...next.map((step) => `  ${asCalledHere(step, { self })}`),
  ].join('\n')
}

function hitLines({ confidence, indicator, family, at, decoding, means, source, next }: CompromiseHit, paint: Terminal['paint']): string[] {
  const way = decoding.length === 0 ? '' : ` (hidden by ${decoding.join(', then ')})`
  return [
    `${confidence === 'certain' ? paint('red', '✗ certain') : paint('yellow', '? likely')}  ${indicator}  ${visible(family)}`,
    `  ${visible(at)}${way}`,
    `  ${visible(means)}`,
    `  ${paint('dim', `source: ${visible(source)}`)}`,
    `  → ${next}`,
  ]
}
