import { asText, composeCheck, without } from '../../compose-services.ts'

const socket = /(docker|podman|containerd|crio)\.sock\b/

export default composeCheck({
  id: 'containers.no-engine-socket',
  title: 'no container holds the socket of the engine',
  severity: 'critical',
  why: 'whoever may write to it starts a privileged container and owns the machine',
  source: 'Docker docs, Protect the Docker daemon socket; OWASP Docker Security, rule 1',
  of: 'every service',
  wrong: ({ volumes }) => (isSocket(volumes) ? 'the socket of the engine is mounted' : null),
  want: 'without it; OpenClaw sandboxes by ssh need no Docker',
  mended: ({ volumes }) => ({ volumes: without(volumes, (item) => socket.test(item)) }),
  good: ['volumes:', '  - ./state:/home/node/.openclaw'],
  bad: { short: ['volumes:', '  - ./state:/home/node/.openclaw', '  - /var/run/docker.sock:/var/run/docker.sock'], long: ['volumes:', '  - type: bind', '    source: /run/podman/podman.sock', '    target: /var/run/docker.sock'] },
})

function isSocket(volumes: unknown): boolean {
  return Array.isArray(volumes) && volumes.some((item) => socket.test(asText(item)))
}
