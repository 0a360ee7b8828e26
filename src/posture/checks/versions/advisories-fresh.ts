import { defineCheck } from '../../check.ts'
import { advisoryFile } from '../../versions/sample-files.ts'

// OpenClaw got 61 to 198 CVE records a month in spring 2026: after a month a list misses dozens.
const maxAgeDays = 30
const dayMs = 24 * 60 * 60 * 1000

export default defineCheck({
  id: 'versions.advisories-fresh',
  title: 'the list of known holes is not older than a month',
  // The list a release comes with is old a month later on every machine: that is told with its remedy, and no fault of the installation.
  severity: 'info',
  why: 'a version that was clean by an old list is not clean: what was published since is not on it',
  source: 'monthly counts of CVE records that name OpenClaw (github.com/jgamblin/OpenClawCVEs, 2026-08-07)',
  // Not asked where only files of an installation are judged: nothing that runs is held against the list.
  needs: ['advisories', 'runningVersions'],
  judge({ advisories: { date, path, now } }) {
    const days = Math.floor((now - Date.parse(date)) / dayMs)
    // A list of the day after tomorrow is forged or dated wrongly: it would be fresh for as long as somebody liked.
    return days >= -1 && days <= maxAgeDays ? [] : [{ at: path ?? 'the list this release came with', saw: `of ${date}, ${days} days old`, want: `at most ${maxAgeDays} days` }]
  },
  manual: 'where there is a network: `hardshell advisories seal DIR --date DAY > advisories.json` out of a folder of CVE records; here: `hardshell advisories update --file advisories.json --sha256 HEX` (docs/versions.md). Until then keep OpenClaw on its latest release: `hardshell upgrade --to VERSION`',
  examples: {
    pass: { 'of yesterday': { files: advisoryFile('2026-11-20') } },
    fail: { 'two months old': { files: advisoryFile('2026-09-20') }, 'of a day to come': { files: advisoryFile('2027-09-20') } },
  },
})
