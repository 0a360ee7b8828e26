import { unwantedCheck } from '../../unwanted-services.ts'

export default unwantedCheck({
  id: 'services.no-file-sharing',
  title: 'the machine shares no files',
  severity: 'medium',
  why: 'a share is a second way to the workspace and memory of the agents, past every rule',
  source: 'CIS Debian Linux 12 Benchmark, 2.1 (rpcbind, nfs, samba)',
  units: ['rpcbind.service', 'rpcbind.socket', 'nfs-server.service', 'nfs-kernel-server.service', 'smbd.service', 'nmbd.service', 'rsync.service'],
})
