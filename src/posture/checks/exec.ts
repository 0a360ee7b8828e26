import type { Check } from '../check.ts'
import noWayAroundFileRules from './exec/no-way-around-file-rules.ts'
import pathTrusted from './exec/path-trusted.ts'
import programsListed from './exec/programs-listed.ts'
import safeBinFoldersTrusted from './exec/safe-bin-folders-trusted.ts'
import safeBinsNarrow from './exec/safe-bins-narrow.ts'
import safeBinsNoInterpreters from './exec/safe-bins-no-interpreters.ts'
import sandboxIsThere from './exec/sandbox-is-there.ts'
import skillsDoNotBoundMcp from './exec/skills-do-not-bound-mcp.ts'
import strictInlineEval from './exec/strict-inline-eval.ts'

export const exec: readonly Check[] = [
  noWayAroundFileRules,
  pathTrusted,
  programsListed,
  safeBinFoldersTrusted,
  safeBinsNarrow,
  safeBinsNoInterpreters,
  sandboxIsThere,
  skillsDoNotBoundMcp,
  strictInlineEval,
]
