import { defineCheck } from '../../check.ts'
import type { SeenFile } from '../../facts/seen-files.ts'
import type { StateFolderFacts } from '../../facts/state-folder.ts'

export default defineCheck({
  id: 'files.one-owner',
  title: "everything in OpenClaw's state folder belongs to the user of the folder",
  severity: 'medium',
  why: "a file of root's left by one sudo stops the gateway from writing it; a file of another user's is that user's to change",
  source: 'guides, dedicated user and chown; OpenClaw docs, gateway/security/secrets-and-storage',
  needs: ['stateFolder'],
  judge: ({ stateFolder }) =>
    strangers(stateFolder).map(({ path, uid }) => ({ at: path, saw: `user ${uid}`, want: `user ${stateFolder.folder.uid}`, severity: uid === 0 ? ('medium' as const) : ('high' as const) })),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ stateFolder: facts }) =>
      strangers(facts).map(({ path, link, uid, gid }) => ({ kind: 'owner', path: link ?? path, from: { uid, gid }, to: { uid: facts.folder.uid, gid: facts.folder.gid } })),
  },
  examples: {
    pass: { one: { config: {}, files: { '$STATE/state/openclaw.sqlite': '' } } },
    fail: {
      "root's": { config: {}, files: { '$STATE/state/openclaw.sqlite': { text: '', uid: 0, gid: 0 } } },
      'of another user': { files: { '$STATE/openclaw.json': { text: '{}', uid: 1001, gid: 1001 } } },
    },
  },
})

function strangers({ folder, above: _above, config, ...kinds }: StateFolderFacts): SeenFile[] {
  const all = [...(config === null ? [] : [config]), ...Object.values(kinds).flat()]
  // A link leads out of the folder, where other rules hold; that there is one is told by another check.
  const inside = all.filter(({ path, link }) => link === null && path.startsWith(`${folder.path}/`))
  return [...new Map(inside.filter(({ uid }) => uid !== folder.uid).map((file) => [file.path, file])).values()]
}
