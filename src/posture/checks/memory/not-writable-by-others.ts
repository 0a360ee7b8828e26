import { defineCheck } from '../../check.ts'
import type { WorkspaceFacts } from '../../facts/workspace.ts'
import { tightened, writableByOthers } from '../../loose-modes.ts'
import { othersWrite } from '../../private-files.ts'

export default defineCheck({
  id: 'memory.not-writable-by-others',
  title: 'other users of the machine cannot write the orders and memory of agents',
  severity: 'high',
  why: 'who writes SOUL.md or MEMORY.md gives the orders, with the tools and keys of the agent',
  source: 'OpenClaw docs, concepts/agent-workspace; guides, protect memory and file permissions',
  needs: ['stateFolder', 'workspace'],
  restsOn: ['workspace'],
  judge: ({ stateFolder, workspace }) => othersWrite(files(workspace), 'high', stateFolder),
  fix: { risk: 'safe', part: 'files', plan: ({ workspace }) => tightened(files(workspace), writableByOthers) },
  examples: {
    pass: { mine: { files: { '$STATE/workspace/SOUL.md': { text: 'kind', mode: 0o644 } } }, 'nobody there': { config: {} } },
    fail: { 'of the group': { files: { '$STATE/workspace/SOUL.md': { text: 'kind', mode: 0o664 }, '$STATE/workspace/memory/2026-11-01.md': { text: 'tea', mode: 0o666 } } } },
  },
})

function files({ files: all }: WorkspaceFacts): { path: string; mode: number }[] {
  return all.map(({ path, link, mode }) => ({ path: link ?? path, mode }))
}
