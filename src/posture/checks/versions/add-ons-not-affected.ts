import { defineCheck } from '../../check.ts'
import { standingOf } from '../../versions/advisory.ts'
import { advisoryFile } from '../../versions/sample-files.ts'

const known = advisoryFile('2026-11-20', [{ id: 'CVE-2000-00002', package: 'weather-plus', affected: [{ introduced: '1.0.0', fixed: '1.2.0' }] }])
const plugin = (version: string): Record<string, string> => ({ '$STATE/extensions/weather-plus/package.json': JSON.stringify({ name: 'weather-plus', version }) })

export default defineCheck({
  id: 'versions.add-ons-not-affected',
  title: 'no plugin or skill of a version with a known hole is installed',
  severity: 'high',
  why: 'a plugin runs inside the gateway with all of its rights, a skill steers the agent: their holes are the holes of the installation',
  source: 'CVE and GHSA records, each named with its own source',
  needs: ['addOns', 'advisories'],
  judge({ addOns, advisories }) {
    return addOns.flatMap(({ kind, name, version, at }) =>
      advisories.advisories
        .filter((advisory) => advisory.package === name && standingOf(advisory, version) !== 'not-affected')
        .map(({ id, title, affected, source }) => ({
          at,
          saw: `${kind} ${name} ${version ?? 'of an unnamed version'} ${version === null || affected === null ? 'may have' : 'has'} ${id}: ${title} (${source})`,
          want: `${affected?.flatMap(({ fixed }) => fixed ?? []).join(', ') || 'a mended version'} or later, or none`,
        })),
    )
  },
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan({ addOns, advisories }) {
      const affected = addOns.filter(({ kind, name, version }) => kind === 'plugin' && advisories.advisories.some((one) => one.package === name && standingOf(one, version) === 'affected'))
      // OpenClaw docs, cli/plugins/uninstall-and-update. It keeps no way back to the version before.
      return affected.map(({ name }) => ({ kind: 'command', do: ['openclaw', 'plugins', 'update', name], undo: null, means: `has OpenClaw update the plugin ${name}` }))
    },
  },
  examples: {
    pass: { none: { config: {}, files: known }, mended: { files: { ...known, ...plugin('1.2.0') } } },
    fail: { old: { files: { ...known, ...plugin('1.1.9') }, fixedFiles: plugin('1.2.0') } },
  },
})
