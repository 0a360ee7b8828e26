import { asText, composeCheck, without } from '../../compose-services.ts'

const system = /^(\/|\/(etc|root|home|boot|proc|sys|dev|usr|var|var\/run|run)\/?|~\/?|\$\{?HOME\}?\/?|~\/\.ssh\/?):/

export default composeCheck({
  id: 'containers.no-system-mounts',
  title: 'no container sees the system folders of the machine',
  severity: 'high',
  why: 'what is mounted can be read by every prompt and, unless it says ro, be changed',
  source: 'OpenClaw production guide: container sandboxing; Docker docs, Engine security',
  of: 'every service',
  wrong: ({ volumes }) => (hasSystem(volumes) ? 'a folder of the system or a whole home is mounted' : null),
  want: 'folders made for it only',
  mended: ({ volumes }) => ({ volumes: without(volumes, (item) => system.test(item)) }),
  good: ['volumes:', '  - ./state:/home/node/.openclaw', '  - /etc/localtime:/etc/localtime:ro', '  - ~/.openclaw:/home/node/.openclaw'],
  bad: { root: ['volumes:', '  - /:/host', '  - ./state:/state'], home: ['volumes:', '  - ~:/home/node/work'], etc: ['volumes:', '  - /etc:/etc:ro'] },
})

function hasSystem(volumes: unknown): boolean {
  return Array.isArray(volumes) && volumes.some((item) => system.test(asText(item)))
}
