import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'files.no-links',
  title: 'the state folder and openclaw.json are where they seem to be',
  severity: 'medium',
  why: 'a link puts them behind the permissions of another place, and OpenClaw replaces a linked file when it writes',
  source: 'OpenClaw docs, gateway/security/audit-checks (fs.state_dir.symlink, fs.config.symlink)',
  covers: ['fs.state_dir.symlink', 'fs.config.symlink'],
  needs: ['stateFolder'],
  restsOn: ['stateFolder.folder', 'stateFolder.config'],
  judge: ({ stateFolder: { folder, config } }) =>
    [
      { file: folder, id: 'fs.state_dir.symlink' },
      { file: config, id: 'fs.config.symlink' },
    ].flatMap(({ file, id }) => (file === null || file.link === null ? [] : [{ at: file.path, saw: `a link to ${file.link}`, want: 'the thing itself', covers: [id] }])),
  manual: 'stop the gateway and move the real folder or file to the place of the link, or set OPENCLAW_STATE_DIR or OPENCLAW_CONFIG_PATH to where it is',
  examples: {
    pass: { real: { config: {} } },
    fail: {
      folder: { files: { $STATE: { kind: 'link', target: '/srv/claw' }, '/srv/claw': { kind: 'folder', mode: 0o700 } } },
      config: { files: { '$STATE/openclaw.json': { kind: 'link', target: '../dotfiles/openclaw.json' }, '~/dotfiles/openclaw.json': '{}' } },
    },
  },
})
