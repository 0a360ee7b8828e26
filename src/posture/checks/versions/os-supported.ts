import { defineCheck } from '../../check.ts'
import { endOfLifeDate, endOfOs } from '../../versions/end-of-life.ts'

const release = (id: string, version: string): Record<string, string> => ({ '/etc/os-release': `ID=${id}\nVERSION_ID="${version}"\nPRETTY_NAME="${id} ${version}"\n` })

export default defineCheck({
  id: 'versions.os-supported',
  title: 'the operating system still gets security fixes',
  severity: 'high',
  why: 'holes of the kernel, OpenSSH and OpenSSL stay open on a system past its end',
  source: 'the makers\' own tables, named with each finding',
  needs: ['runningVersions'],
  // Apple and Microsoft update the whole system: mac.* and windows.* ask for that.
  applies: ({ runningVersions }) => runningVersions.platform === 'linux',
  judge({ runningVersions: { os, now } }) {
    if (os === null) throw new Error('there is no os-release to read')
    const end = endOfOs(os.id, os.versionId)
    if (end === null) throw new Error(`the end of ${os.name} is not in our table of ${endOfLifeDate}`)
    const today = new Date(now).toISOString().slice(0, 10)
    if (end.free >= today) return []
    const paid = end.extended !== null && end.extended >= today
    return [{
      at: '/etc/os-release',
      saw: `${os.name}, without fixes ${paid ? 'for those who have not enrolled ' : ''}since ${end.free} (${end.source})`,
      want: paid ? `a release that is maintained, or a subscription (until ${end.extended})` : 'a release that is maintained',
      severity: paid ? 'medium' : 'high',
    }]
  },
  manual: 'move to a release that is maintained: back up first (`openclaw backup create --verify`), then follow the release notes, or set up a new machine and restore there',
  examples: {
    pass: { maintained: { files: release('debian', '12') } },
    fail: { ended: { files: release('debian', '10') }, 'paid only': { files: release('ubuntu', '20.04') } },
  },
})
