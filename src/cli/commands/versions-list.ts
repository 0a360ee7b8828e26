import { thisMachine, machineBelow } from '../../host/index.ts'
import { gather, listVersions, locateSubject, type ListedVersions } from '../../posture/index.ts'
import { columns, visible, type Terminal } from '../terminal.ts'
import { pathsFor } from '../guard-access.ts'
import { guardedHere } from './security-audit-surroundings.ts'

type Options = Readonly<Record<string, string | boolean | undefined>>

/** `hardshell versions list`: what runs and is installed, its known holes, the end of its support. Exit 1 when one has a known hole. */
export async function versionsList(options: Options, terminal: Terminal): Promise<number> {
  const { subject } = await locateSubject({}, await guardedHere(options, terminal), { here: thisMachine(terminal.env), below: machineBelow }, Date.now())
  // The list is kept in Hardshell's own folder, guarded or not.
  const guard = { configDir: subject.guard?.configDir ?? '', stateDir: pathsFor({ state: options['state'] }, terminal).root }
  const { addOns, advisories, runningVersions } = await gather({ ...subject, guard }, ['addOns', 'advisories', 'runningVersions'])
  if (!advisories?.known) throw new Error(advisories?.why)
  const listed = listVersions({ running: runningVersions?.known ? runningVersions.value : null, addOns: addOns?.known ? addOns.value : [], advisories: advisories.value })
  terminal.out(options['json'] === true ? JSON.stringify(listed) : asText(listed, terminal))
  return listed.versions.some(({ affected }) => affected.length > 0) ? 1 : 0
}

function asText({ advisories, versions }: ListedVersions, { paint }: Terminal): string {
  const today = new Date().toISOString().slice(0, 10)
  const rows = versions.map(({ what, name, version, at, affected, unknown, ends }) => [
    what,
    visible(name),
    version === null ? paint('yellow', 'cannot be told') : visible(version),
    affected.length > 0 ? paint('red', affected.join(' ')) : unknown.length > 0 ? paint('yellow', `${unknown.length} advisories without a range`) : 'none known',
    ends === null ? '' : ends < today ? paint('red', `ended ${ends}`) : `until ${ends}`,
    visible(at),
  ])
  const heads = ['what', 'name', 'version', 'known holes', 'fixes', 'where'].map((head) => paint('bold', head))
  const note = `${advisories.count} advisories of ${advisories.date}, ${advisories.path ?? 'as this release came with'}`
  const none = versions.some(({ what }) => what === 'openclaw') ? [] : [paint('yellow', 'no OpenClaw was found on this machine: neither its version nor that of its Node can be told')]
  return [versions.length === 0 ? 'nothing with a version was found' : columns([heads, ...rows]), ...none, note].join('\n')
}
