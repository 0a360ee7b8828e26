import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { sampleFacts } from './facts.test.fixture.ts'
import { kubernetes } from './kubernetes.ts'

interface Manifest {
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  spec: Record<string, unknown>
}

const text = kubernetes.files(sampleFacts()).find(({ path }) => path === 'kubernetes.yaml')!.text
const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest)
const kinds = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind)

interface Pod {
  containers: { name: string; securityContext: object; resources: { limits: Record<string, string>; requests: object }; volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[]; env: { name: string; value: string }[]; command: string[] }[]
  volumes: Record<string, unknown>[]
  securityContext: object
}
const pods = new Map(kinds('Deployment').map(({ metadata, spec }) => [metadata.name, (spec['template'] as { spec: Pod }).spec]))

// Kubernetes docs, Pod Security Standards, profile "restricted": every rule of its table that applies to a pod.
describe('pods, against the restricted standard', () => {
  it('share nothing with their node', () => {
    for (const pod of pods.values()) expect(pod).toMatchObject({ hostNetwork: false, hostPID: false, hostIPC: false })
  })

  it('use only the kinds of volume it admits', () => {
    const admitted = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret']
    for (const { volumes } of pods.values()) {
      for (const volume of volumes) expect(admitted).toContain(Object.keys(volume).find((key) => key !== 'name'))
    }
  })

  it('run as somebody else than root, with a seccomp profile, without capabilities and without a way to gain any', () => {
    for (const { securityContext, containers } of pods.values()) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
      for (const container of containers) {
        expect(container.securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, privileged: false, readOnlyRootFilesystem: true })
      }
    }
    expect(kinds('Namespace')[0]!.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
  })
})

describe('manifests', () => {
  it('mount only volumes that exist, each name once', () => {
    for (const { containers, volumes } of pods.values()) {
      const names = volumes.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      for (const mount of containers.flatMap(({ volumeMounts }) => volumeMounts)) expect(names).toContain(mount.name)
    }
  })

  it('give no pod a token of the cluster', () => {
    for (const pod of pods.values()) expect(pod).toMatchObject({ automountServiceAccountToken: false })
    for (const account of kinds('ServiceAccount')) expect(account).toMatchObject({ automountServiceAccountToken: false })
  })

  it('limit what OpenClaw may use to 2 processors, 4 GB and 10 GB', () => {
    const [openclaw] = pods.get('openclaw')!.containers
    expect(openclaw!.resources.limits).toMatchObject({ cpu: '2', memory: '4000000000' })
    const claim = kinds('PersistentVolumeClaim').find(({ metadata }) => metadata.name === 'openclaw-state')!
    expect(claim.spec).toMatchObject({ resources: { requests: { storage: '10000000000' } } })
  })

  it('hand secrets over as files, never in a variable', () => {
    for (const { containers } of pods.values()) {
      for (const { env, volumeMounts } of containers) {
        expect(env.map(({ name }) => name).filter((name) => /KEY|TOKEN|SECRET/.test(name))).toEqual([])
        for (const mount of volumeMounts.filter(({ mountPath }) => mountPath === '/run/secrets')) expect(mount.readOnly).toBe(true)
      }
    }
    expect(kinds('Secret')).toEqual([])
  })

  it('let nobody speak to anybody, then OpenClaw to the guard alone', () => {
    const policies = new Map(kinds('NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec]))
    expect(policies.get('nobody')).toEqual({ podSelector: { matchLabels: {} }, policyTypes: ['Ingress', 'Egress'] })
    expect(policies.get('openclaw')!['egress']).toEqual([{ to: [{ podSelector: { matchLabels: { app: 'guard' } } }], ports: [{ port: 18_701, protocol: 'TCP' }, { port: 18_702, protocol: 'TCP' }] }])
  })

  it('give OpenClaw no resolver', () => {
    expect(pods.get('openclaw')).toMatchObject({ dnsPolicy: 'None', dnsConfig: { nameservers: ['127.0.0.1'] } })
  })
})

// The description itself (4 MB, of kubernetes-client/javascript, src/gen/swagger.json.unprocessed) does not lie here.
const description = process.env['KUBERNETES_OPENAPI']

interface Schema {
  properties?: Record<string, Schema>
  [word: string]: unknown
}

describe('manifests, against the description of the API itself (KUBERNETES_OPENAPI=FILE)', () => {
  const known = { v1: 'core.v1', 'apps/v1': 'apps.v1', 'networking.k8s.io/v1': 'networking.v1' } as Record<string, string>
  const strict = (): Ajv => {
    const { definitions } = JSON.parse(readFileSync(description!, 'utf8')) as { definitions: Record<string, Schema> }
    for (const [name, schema] of Object.entries(definitions)) {
      if (schema.properties) schema['additionalProperties'] = false
      // Said to be text there; numbers are read as well.
      if (schema['format'] === 'int-or-string' || name.endsWith('.Quantity')) schema['type'] = ['string', 'number']
    }
    return new Ajv({ strict: false, allErrors: true, validateFormats: false }).addSchema({ $id: 'kubernetes', definitions })
  }

  it.runIf(description !== undefined)('have fields it knows, of the types it says, and none is missing', () => {
    const ajv = strict()
    const complaints = (manifest: Manifest & { apiVersion?: string }): unknown[] => {
      const validate = ajv.compile({ $ref: `kubernetes#/definitions/io.k8s.api.${known[manifest.apiVersion!]}.${manifest.kind}` })
      return validate(manifest) ? [] : (validate.errors ?? [])
    }
    expect(manifests).toHaveLength(13)
    expect(manifests.flatMap(complaints)).toEqual([])
    expect(complaints({ ...manifests.at(-1)!, spec: { replica: 1 } }).length).toBeGreaterThan(0)
  })
})
