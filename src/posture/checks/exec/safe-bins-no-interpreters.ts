import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { isInterpreter, safeBinLists } from '../../safe-bins.ts'

export default defineCheck({
  id: 'exec.safe-bins-no-interpreters',
  title: 'no interpreter is among the programs that run unasked',
  severity: 'high',
  why: 'an interpreter that reads standard input runs any program: the short list of harmless filters becomes a shell',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.exec.safe_bins_interpreter_unprofiled)',
  covers: ['tools.exec.safe_bins_interpreter_unprofiled'],
  ...settingsJudge((config) =>
    safeBinLists(config).flatMap(({ at, bins, profiled }) => {
      const bad = bins.filter((bin) => isInterpreter(bin) && !profiled.includes(bin))
      return bad.length === 0 ? [] : [{ at, saw: bad.join(', '), want: 'filters only, such as cut, head, uniq, wc', to: bins.filter((bin) => !bad.includes(bin)) }]
    }),
  ),
  examples: {
    pass: {
      filters: { config: { tools: { exec: { safeBins: ['cut', 'head', 'wc'] } } } },
      'with a profile of arguments': { config: { tools: { exec: { safeBins: ['python3'], safeBinProfiles: { python3: { maxPositional: 0 } } } } } },
    },
    fail: {
      python: { config: { tools: { exec: { safeBins: ['head', 'Python3.12'] } } } },
      'of one agent': { config: { agents: { entries: { a: { tools: { exec: { safeBins: ['bash'] } } } } } } },
    },
  },
})
