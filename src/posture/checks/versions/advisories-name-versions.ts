import { defineCheck } from '../../check.ts'
import { advisoryFile, openclawPackage } from '../../versions/sample-files.ts'

export default defineCheck({
  id: 'versions.advisories-name-versions',
  title: 'every known hole of OpenClaw says which versions have it',
  // What we do not know is our gap and no fault of the installation: it is told and costs no grade.
  severity: 'info',
  why: 'a hole without versions can neither be excluded nor shown; a clean answer would hide it',
  source: 'CVE record format 5.1, affected.versions',
  // Not asked where only files of an installation are judged: nothing that runs is held against the list.
  needs: ['advisories', 'runningVersions'],
  judge({ advisories: { advisories, path } }) {
    const vague = advisories.filter((one) => one.package === 'openclaw' && one.affected === null).map(({ id }) => id)
    return vague.length === 0 ? [] : [{ at: path ?? 'the list this release came with', saw: `${vague.length} without versions: ${vague.join(', ')}`, want: 'ranges: introduced and fixed' }]
  },
  manual: 'bring a list with ranges: `hardshell advisories update --file FILE --sha256 HEX`; until then keep OpenClaw on its latest release: `hardshell upgrade --to VERSION`',
  examples: {
    pass: { ranges: { files: advisoryFile('2026-11-20', [{ id: 'CVE-2000-00001', package: 'openclaw', affected: [{ introduced: null, fixed: '2026.4.22' }] }]) } },
    fail: { 'one without': { files: { ...advisoryFile('2026-11-20', [{ id: 'CVE-2000-00003', package: 'openclaw', affected: null }]), ...openclawPackage('2026.9.6') } } },
  },
})
