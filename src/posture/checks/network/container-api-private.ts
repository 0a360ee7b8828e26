import { exposedCheck } from '../../exposed-ports.ts'

export default exposedCheck({
  id: 'network.container-api-private',
  title: 'no container API is reachable from outside',
  severity: 'critical',
  why: 'one request to it starts a container that owns the machine',
  source: 'Docker docs, Protect the Docker daemon socket',
  ports: { 2375: 'the API of Docker', 2376: 'the API of Docker', 10250: 'the kubelet', 6443: 'the API of Kubernetes' },
})
