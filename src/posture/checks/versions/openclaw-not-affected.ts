import { defineCheck, type Flaw } from '../../check.ts'
import type { AdvisoryFacts } from '../../facts/running-versions-advisories.ts'
import type { RunningVersionsFacts } from '../../facts/running-versions.ts'
import { fixedVersion, standingOf, type Advisory } from '../../versions/advisory.ts'
import { npmInstall, openclawsOf } from '../../versions/openclaw-versions.ts'
import { advisoryFile, gatewayProcess, openclawPackage } from '../../versions/sample-files.ts'

const old = { ...advisoryFile('2026-11-20', [{ id: 'CVE-2000-00001', package: 'openclaw', affected: [{ introduced: null, fixed: '2026.4.22' }] }]) }
const holes = ({ advisories }: AdvisoryFacts, version: string): readonly Advisory[] =>
  advisories.filter((advisory) => advisory.package === 'openclaw' && standingOf(advisory, version) === 'affected')

export default defineCheck({
  id: 'versions.openclaw-not-affected',
  title: 'no known hole is in the OpenClaw that runs or is installed',
  severity: 'high',
  why: 'holes of OpenClaw that hand over the gateway to a web page or a message are public, with instructions, and are scanned for',
  source: 'CVE and GHSA records, each named with its own source; field: 543 CVE records name OpenClaw (github.com/jgamblin/OpenClawCVEs, 2026-08-07)',
  needs: ['runningVersions', 'advisories'],
  judge({ runningVersions, advisories }) {
    const all = openclawsOf(runningVersions)
    const flaws = all.flatMap(({ at, version }) => (version === null ? [] : holes(advisories, version).map((hole): Flaw => flawOf(hole, at, version))))
    const unread = all.find(({ version }) => version === null)
    if (flaws.length === 0 && unread) throw new Error(`which version ${unread.at} runs cannot be told: its package is not found or was replaced since it started`)
    return flaws
  },
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan({ runningVersions, advisories }) {
      return affectedPackages(runningVersions, advisories).flatMap((installed) => {
        const fixed = fixedVersion(advisories.advisories.filter((one) => one.package === 'openclaw'), installed.version)
        return (fixed === null ? null : npmInstall(installed, fixed)) ?? []
      })
    },
  },
  examples: {
    pass: { mended: { files: { ...old, ...openclawPackage('2026.9.6') } }, 'mended and running': { files: { ...old, ...openclawPackage('2026.4.22'), ...gatewayProcess({ startedAfterDays: 8 }) } } },
    fail: {
      'an old one': { files: { ...old, ...openclawPackage('2026.4.21') }, fixedFiles: openclawPackage('2026.4.22') },
      'a beta of the mended one, running': { files: { ...old, ...openclawPackage('2026.4.22-beta.1'), ...gatewayProcess({ startedAfterDays: 8 }) }, fixedFiles: openclawPackage('2026.4.22') },
    },
  },
})

function flawOf({ id, title, affected, severity, source }: Advisory, at: string, version: string): Flaw {
  const fixed = affected?.flatMap((range) => range.fixed ?? []).join(', ')
  return {
    at,
    saw: `OpenClaw ${version} has ${id}: ${title} (${source})`,
    want: fixed ? `OpenClaw ${fixed} or later` : 'no mended version is known: take the feature out of use',
    severity: severity === 'unrated' ? 'high' : severity,
  }
}

function affectedPackages(facts: RunningVersionsFacts, advisories: AdvisoryFacts): RunningVersionsFacts['installed'] {
  const packages = openclawsOf(facts).flatMap((one) => one.package ?? [])
  return [...new Map(packages.map((one) => [one.path, one])).values()].filter(({ version }) => holes(advisories, version).length > 0)
}
