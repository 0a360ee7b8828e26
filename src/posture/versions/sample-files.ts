import type { Example, ExampleFile } from '../example.ts'
import { sealAdvisories } from './advisory-file.ts'
import type { Advisory } from './advisory.ts'

/** Files that examples of versions are made of: what npm, the kernel and `advisories update` leave behind. */
type Files = NonNullable<Example['files']>

const packageFolder = '/usr/lib/node_modules/openclaw'
const day = 24 * 60 * 60 * 1000
const bootMs = Date.UTC(2026, 10, 1)

/** OpenClaw as `npm install -g` puts it there. Default: a week after the boot of the sample machine. */
export function openclawPackage(version: string, changedMs = bootMs + 7 * day): Files {
  const file = (text: string): ExampleFile => ({ text, modifiedMs: changedMs, mode: 0o644 })
  return {
    [packageFolder]: { kind: 'folder', modifiedMs: changedMs, mode: 0o755 },
    [`${packageFolder}/package.json`]: file(JSON.stringify({ name: 'openclaw', version })),
  }
}

/** A gateway that was started from that package so many days after the boot. */
export function gatewayProcess({ startedAfterDays, node = '/usr/bin/node' }: { startedAfterDays: number; node?: string }): Files {
  const ticks = startedAfterDays * day / 10 // hundredths of a second
  return {
    '/proc/stat': `cpu  1 2 3 4\nbtime ${bootMs / 1000}\n`,
    '/proc/812/cmdline': ['node', `${packageFolder}/dist/index.js`, 'gateway', '--port', '18789', ''].join('\0'),
    '/proc/812/stat': `812 (openclaw gatewa) S 1 812 812 0 -1 4194304 0 0 0 0 9 9 0 0 20 0 11 0 ${ticks} 0 0\n`,
    '/proc/812/exe': { kind: 'link', target: node },
  }
}

/** The headers that come with a Node in `/usr`. */
export function nodeHeaders(version: string): Files {
  const [major, minor, patch] = version.split('.')
  const text = `#define NODE_MAJOR_VERSION ${major}\n#define NODE_MINOR_VERSION ${minor}\n#define NODE_PATCH_VERSION ${patch}\n`
  return { '/usr/bin/node': { text: '', mode: 0o755 }, '/usr/include/node/node_version.h': text }
}

// A list has to name something.
const someHole: Pick<Advisory, 'id' | 'package' | 'affected'> = { id: 'CVE-2000-00009', package: 'no-such-plugin', affected: [{ introduced: null, fixed: '1.0.0' }] }

/** A file of advisories in the state folder of the person who asks. */
export function advisoryFile(date: string, records: readonly Pick<Advisory, 'id' | 'package' | 'affected'>[] = [someHole]): Files {
  const advisories = records.map((record) => ({ severity: 'high' as const, title: 'a made-up hole', source: 'this example', published: null, ...record }))
  return { '~/.hardshell/advisories.json': sealAdvisories({ date, origin: 'this example', licence: 'MIT', advisories }) }
}
