import { exposedCheck } from '../../exposed-ports.ts'

export default exposedCheck({
  id: 'network.debuggers-private',
  title: 'no debugger is reachable from outside',
  severity: 'critical',
  why: 'a Node inspector runs any code for whoever connects',
  source: 'Node.js docs, Inspector security',
  ports: { 9229: 'a Node inspector', 5005: 'a Java debugger', 5678: 'debugpy' },
})
