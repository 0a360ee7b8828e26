import { defineCheck, type Flaw } from '../../check.ts'
import type { RunningVersionsFacts } from '../../facts/running-versions.ts'
import { gatewayProcess, openclawPackage } from '../../versions/sample-files.ts'
import { isReplaced } from '../../versions/openclaw-versions.ts'

export default defineCheck({
  id: 'versions.running-equals-installed',
  title: 'the gateway runs the version that is installed',
  severity: 'medium',
  why: 'an update that nobody restarted the gateway for mends nothing: the old process keeps its holes while every look at the disk says it is new',
  source: 'OpenClaw docs, cli/update; proc(5)',
  needs: ['runningVersions'],
  applies: ({ runningVersions: { gateways, live } }) => (gateways === null ? live : gateways.length > 0),
  judge: ({ runningVersions }) => staleGateways(runningVersions),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan({ runningVersions }) {
      if (staleGateways(runningVersions).length === 0) return []
      // OpenClaw docs, gateway/service. There is no way back to a version that is no longer on the disk.
      return [{ kind: 'command', do: ['openclaw', 'gateway', 'restart'], undo: null, means: 'restarts the gateway, so that it runs what is installed' }]
    },
  },
  examples: {
    pass: { 'started after the update': { files: { ...openclawPackage('2026.9.6'), ...gatewayProcess({ startedAfterDays: 8 }) } } },
    fail: {
      'updated under a running gateway': { files: { ...openclawPackage('2026.9.6'), ...gatewayProcess({ startedAfterDays: 3 }) }, fixedFiles: gatewayProcess({ startedAfterDays: 9 }) },
      'Node replaced under a running gateway': {
        files: { ...openclawPackage('2026.9.6'), ...gatewayProcess({ startedAfterDays: 8, node: '/usr/bin/node (deleted)' }) },
        fixedFiles: gatewayProcess({ startedAfterDays: 9 }),
      },
    },
  },
})

function staleGateways({ gateways }: RunningVersionsFacts): readonly Flaw[] {
  if (gateways === null) throw new Error('processes cannot be seen here')
  const unplaced = gateways.find((gateway) => gateway.package === null)
  if (unplaced) throw new Error(`nothing tells which package process ${unplaced.pid} was started from`)
  return gateways.flatMap((gateway): Flaw[] => {
    const at = `process ${gateway.pid}`
    const since = new Date(gateway.startedMs).toISOString().slice(0, 16)
    if (isReplaced(gateway)) return [{ at, saw: `runs since ${since}, ${gateway.package!.path} was replaced after that (now ${gateway.package!.version})`, want: 'a restart after the update' }]
    return gateway.exeReplaced ? [{ at, saw: `runs since ${since} on a Node that has been replaced`, want: 'a restart after the update' }] : []
  })
}
