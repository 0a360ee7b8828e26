import { exposedCheck } from '../../exposed-ports.ts'

export default exposedCheck({
  id: 'network.screens-private',
  title: 'no screen and no browser is reachable from outside',
  severity: 'high',
  why: 'remote control of a browser or desktop is every account that is logged in there',
  source: 'Chrome DevTools Protocol docs; OpenClaw docs, tools/browser',
  ports: { 9222: 'remote control of Chrome', 5900: 'VNC', 5901: 'VNC', 6080: 'noVNC', 3389: 'RDP', 18800: 'remote control of the browser of an agent' },
})
