import { defineCheck } from '../../check.ts'

// Names those services give their folders, on every system; the first five as in OpenClaw's own audit.
const synced = /icloud|mobile documents|dropbox|google ?drive|onedrive|nextcloud|syncthing|\/box sync\//i

export default defineCheck({
  id: 'files.not-synced',
  title: 'state and configuration are not in a folder that is copied to other machines',
  severity: 'high',
  why: 'tokens and transcripts then lie on every machine and server of that account, and what is written there comes back',
  source: 'OpenClaw docs, gateway/security/audit-checks (fs.synced_dir)',
  covers: ['fs.synced_dir'],
  needs: ['stateFolder'],
  restsOn: ['stateFolder.folder', 'stateFolder.config'],
  judge: ({ stateFolder: { folder, config } }) =>
    [...new Set([folder, config].flatMap((file) => (file === null ? [] : [file.link ?? file.path])))].flatMap((path) => {
      const [found] = synced.exec(path) ?? []
      return found === undefined ? [] : [{ at: path, saw: `below a folder of ${found}`, want: 'a folder of this machine alone' }]
    }),
  manual: 'stop the gateway, move the folder out of the synced one, and set OPENCLAW_STATE_DIR if it is not ~/.openclaw',
  examples: {
    pass: { local: { config: {} } },
    fail: { link: { files: { $STATE: { kind: 'link', target: '/home/claw/Dropbox/claw' }, '~/Dropbox/claw': { kind: 'folder', mode: 0o700 } } } },
  },
})
