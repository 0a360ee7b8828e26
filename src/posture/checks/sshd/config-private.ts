import { defineCheck } from '../../check.ts'
import { looseModes, tightened, writableByOthers } from '../../loose-modes.ts'

export default defineCheck({
  id: 'sshd.config-private',
  title: 'only root can write the configuration of SSH',
  severity: 'high',
  why: 'whoever writes it decides who logs in, and as whom',
  source: 'CIS Debian Linux 12 Benchmark, 5.1.1 (permissions on /etc/ssh/sshd_config)',
  needs: ['sshFiles'],
  judge: ({ sshFiles }) => looseModes(sshFiles.configs, writableByOthers),
  fix: { risk: 'safe', part: 'files', plan: ({ sshFiles }) => tightened(sshFiles.configs, writableByOthers) },
  examples: {
    pass: { usual: { files: { '/etc/ssh/sshd_config': { text: 'UsePAM yes\n', mode: 0o644 } } } },
    fail: {
      group: { files: { '/etc/ssh/sshd_config': { text: 'UsePAM yes\n', mode: 0o664 } } },
      'drop-in': { files: { '/etc/ssh/sshd_config': 'Include sshd_config.d/*\n', '/etc/ssh/sshd_config.d/a': { text: 'UsePAM yes\n', mode: 0o666 } } },
    },
  },
})
