import { composeCheck } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.own-network',
  title: 'no container uses the network of the machine',
  severity: 'high',
  why: 'with it the container reaches every service on loopback, the gateways of other users among them',
  source: 'OpenClaw production guide: no host network; Docker docs, host network driver',
  of: 'every service',
  wrong: ({ network_mode: mode, pid, ipc }) => (mode === 'host' ? 'network_mode: host' : pid === 'host' ? 'pid: host' : ipc === 'host' ? 'ipc: host' : null),
  want: 'namespaces of its own',
  mended: ({ network_mode: mode, pid, ipc }) => ({ ...(mode === 'host' ? { network_mode: undefined } : {}), ...(pid === 'host' ? { pid: undefined } : {}), ...(ipc === 'host' ? { ipc: undefined } : {}) }),
  good: ['network_mode: bridge'],
  bad: { network: ['network_mode: host'], processes: ['pid: host', 'ipc: host'] },
})
