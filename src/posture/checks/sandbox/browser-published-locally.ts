import { defineCheck } from '../../check.ts'
import type { BrowserContainer } from '../../facts/browser-containers.ts'

const list = 'docker ps -a --filter label=openclaw.sandboxBrowser=1 --format {{.Names}}'

export default defineCheck({
  id: 'sandbox.browser-published-locally',
  title: 'ports of browser containers are published on this machine only',
  severity: 'critical',
  why: 'the debugging port and the picture of the browser are then open to the network: pages, cookies and keyboard',
  source: 'OpenClaw docs, gateway/security/audit-checks (sandbox.browser_container.non_loopback_publish)',
  covers: ['sandbox.browser_container.non_loopback_publish'],
  needs: ['browserContainers'],
  judge: ({ browserContainers }) => open(browserContainers).map(({ name, places }) => ({ at: `container ${name}`, saw: places.join(', '), want: '127.0.0.1' })),
  fix: {
    risk: 'restart',
    part: 'containers',
    plan: ({ browserContainers }) =>
      open(browserContainers).length === 0
        ? []
        : [{ kind: 'command', do: ['openclaw', 'sandbox', 'recreate', '--browser', '--all', '--force'], undo: null, means: 'make the browser containers anew, published on loopback' }],
  },
  examples: {
    pass: {
      'no Docker': { config: {} },
      'no containers': { runs: { [list]: '' } },
      loopback: { runs: { [list]: 'sbx-1\n', 'docker port sbx-1': '9222/tcp -> 127.0.0.1:32768\n6080/tcp -> [::1]:6080\n' } },
    },
    fail: {
      everywhere: {
        runs: { [list]: 'sbx-1\n', 'docker port sbx-1': '9222/tcp -> 0.0.0.0:9222\n9222/tcp -> [::]:9222\n' },
        fixedRuns: { 'docker port sbx-1': '9222/tcp -> 127.0.0.1:9222\n' },
      },
    },
  },
})

function open(containers: readonly BrowserContainer[]): { name: string; places: string[] }[] {
  return containers
    .map(({ name, published }) => ({ name, places: published.filter((place) => !/^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost):\d+$/.test(place)) }))
    .filter(({ places }) => places.length > 0)
}
