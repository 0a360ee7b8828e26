import { defineCheck } from '../../check.ts'
import { npmInstall, openclawsOf } from '../../versions/openclaw-versions.ts'
import { openclawPackage } from '../../versions/sample-files.ts'
import { parseVersion } from '../../versions/version.ts'

// A calendar version tells its month. OpenClaw mended its worst holes 3 to 12 weeks after they were found; a quarter
// without an update is a machine nobody looks after.
const maxAgeDays = 92
const dayMs = 24 * 60 * 60 * 1000

/** Days since the end of the month a calendar version was made in; `null` for other versions. The third number is no day: it may be 33. */
function ageDays(version: string, now: number): number | null {
  const [year, month] = parseVersion(version)?.numbers ?? []
  if (year === undefined || month === undefined || year < 2025 || month < 1 || month > 12) return null
  return Math.max(0, Math.floor((now - Date.UTC(year, month, 1)) / dayMs))
}

export default defineCheck({
  id: 'versions.openclaw-recent',
  title: 'the OpenClaw that runs is not older than a quarter',
  severity: 'low',
  why: 'dozens of holes of OpenClaw are published every month; the list of known ones is never complete, so age alone is a risk',
  source: 'OpenClaw docs, reference/RELEASING (calendar versions); monthly counts of CVE records (github.com/jgamblin/OpenClawCVEs)',
  needs: ['runningVersions'],
  judge({ runningVersions }) {
    return openclawsOf(runningVersions).flatMap(({ at, version }) => {
      if (version === null) return [] // versions.running-equals-installed tells it
      const days = ageDays(version, runningVersions.now)
      if (days === null) throw new Error(`${version} of ${at} is no calendar version`)
      return days <= maxAgeDays ? [] : [{ at, saw: `OpenClaw ${version}, at least ${days} days old`, want: `at most ${maxAgeDays} days` }]
    })
  },
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan({ runningVersions }) {
      const old = openclawsOf(runningVersions).flatMap(({ package: installed, version }) => (installed !== null && version !== null && (ageDays(version, runningVersions.now) ?? 0) > maxAgeDays ? [installed] : []))
      return [...new Map(old.map((one) => [one.path, one])).values()].flatMap((installed) => npmInstall(installed, 'latest') ?? [])
    },
  },
  examples: {
    pass: { 'of this autumn': { files: openclawPackage('2026.9.6') } },
    fail: { 'of spring': { files: openclawPackage('2026.4.22'), fixedFiles: openclawPackage('2026.11.2') } },
  },
})
