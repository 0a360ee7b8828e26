import { defineCheck } from '../../check.ts'
import type { PluginsInstalledFacts } from '../../facts/plugins-installed.ts'
import { tightened, writableByOthers } from '../../loose-modes.ts'
import { othersWrite } from '../../private-files.ts'

export default defineCheck({
  id: 'plugins.not-writable-by-others',
  title: 'other users of the machine cannot write the code of plugins',
  severity: 'critical',
  why: 'a plugin runs in the gateway: who writes its file is the gateway at its next start',
  source: 'OpenClaw docs, gateway/security (plugins run in-process); guides, file permissions',
  needs: ['stateFolder', 'pluginsInstalled'],
  restsOn: ['pluginsInstalled'],
  judge: ({ stateFolder, pluginsInstalled }) => othersWrite(files(pluginsInstalled), 'critical', stateFolder),
  fix: { risk: 'safe', part: 'files', plan: ({ pluginsInstalled }) => tightened(files(pluginsInstalled), writableByOthers) },
  examples: {
    pass: { mine: { files: { '$STATE/extensions/notes/package.json': '{}' } }, none: { config: {} } },
    fail: {
      entry: { files: { '$STATE/extensions/notes/package.json': '{"openclaw":{"extensions":["./index.js"]}}', '$STATE/extensions/notes/index.js': { text: '', mode: 0o666 } } },
      folder: { files: { '$STATE/extensions/notes': { kind: 'folder', mode: 0o775 }, '$STATE/extensions/notes/package.json': '{}' } },
    },
  },
})

function files({ plugins }: PluginsInstalledFacts): { path: string; mode: number }[] {
  return plugins.flatMap(({ files: all }) => all.map(({ path, link, mode }) => ({ path: link ?? path, mode })))
}
