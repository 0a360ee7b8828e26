import { defineCheck } from '../../check.ts'
import { endOfLifeDate, endOfNode } from '../../versions/end-of-life.ts'
import { gatewayProcess, nodeHeaders, openclawPackage } from '../../versions/sample-files.ts'

export default defineCheck({
  id: 'versions.node-supported',
  title: 'the Node that OpenClaw runs on still gets security fixes',
  severity: 'high',
  why: 'holes of a Node past its end stay open, and the gateway parses what strangers send with it',
  source: 'https://github.com/nodejs/Release, schedule.json',
  needs: ['runningVersions'],
  judge({ runningVersions: { nodes, unreadNodes, now } }) {
    const today = new Date(now).toISOString().slice(0, 10)
    const unknown = nodes.find(({ version }) => endOfNode(version) === null)
    const flaws = nodes.flatMap(({ version, program }) => {
      const end = endOfNode(version)
      return end === null || end.free >= today ? [] : [{ at: program, saw: `Node ${version}, without fixes since ${end.free}`, want: 'an LTS line that is maintained, such as 24' }]
    })
    if (flaws.length > 0) return flaws
    if (unreadNodes.length > 0) throw new Error(`the version of ${unreadNodes[0]} cannot be read without running it`)
    if (unknown) throw new Error(`the end of Node ${unknown.version} is not in our table of ${endOfLifeDate}`)
    if (nodes.length === 0) throw new Error('no Node that runs OpenClaw is to be found here')
    return []
  },
  manual: 'install the current LTS line of Node the way this one was installed (nodejs.org/en/download), then `openclaw gateway restart`',
  examples: {
    pass: { lts: { files: { ...openclawPackage('2026.9.6'), ...nodeHeaders('24.16.0') } } },
    fail: {
      ended: { files: { ...openclawPackage('2026.9.6'), ...nodeHeaders('20.19.5') } },
      'another than the one of the system': { files: { ...openclawPackage('2026.9.6'), ...nodeHeaders('24.16.0'), ...gatewayProcess({ startedAfterDays: 8, node: '/home/claw/.nvm/versions/node/v18.20.4/bin/node' }) } },
    },
  },
})
