import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { isBroad, safeBinLists } from '../../safe-bins.ts'

export default defineCheck({
  id: 'exec.safe-bins-narrow',
  title: 'the programs that run unasked only filter what they are given',
  severity: 'medium',
  why: 'jq reads the environment and modules, awk and sed run commands and write files: none is a filter of its input',
  source: 'OpenClaw docs, tools/exec (safeBins) and gateway/security/audit-checks (tools.exec.safe_bins_broad_behavior)',
  covers: ['tools.exec.safe_bins_broad_behavior'],
  ...settingsJudge((config) =>
    safeBinLists(config).flatMap(({ at, bins }) => {
      const bad = bins.filter(isBroad)
      return bad.length === 0 ? [] : [{ at, saw: bad.join(', '), want: 'filters only; these behind an approval', to: bins.filter((bin) => !bad.includes(bin)) }]
    }),
  ),
  examples: {
    pass: { filters: { config: { tools: { exec: { safeBins: ['cut', 'sort'] } } } } },
    fail: { jq: { config: { tools: { exec: { safeBins: ['jq', 'cut'] } } } }, sed: { config: { agents: { list: [{ id: 'a', tools: { exec: { safeBins: ['/usr/bin/sed'] } } }] } } } },
  },
})
