import type { OverlaySettings } from '../openclaw/index.ts'

/** What a profile is made from: one installation as it is, or the defaults where there is none yet. */
export interface InstallationFacts {
  programs: {
    /** Absolute paths of programs on this machine. */
    node: string
    hardshell: string
    openclaw: string
  }
  versions: { hardshell: string; openclaw: string }
  /** State folder of the whole guard. */
  state: string
  /** Folder of the YAML files; `null`: none, every setting has its default. */
  config: string | null
  /** Folder of the audit log where it is not in the state folder. */
  logFolder: string | null
  users: { guard: string; openclaw: string }
  ports: { gateway: number; ingress: number; model: number; egress: number }
  providers: readonly ProviderFacts[]
  /** Secrets of providers that are handed over as files; those of a remote store are not among them. */
  keyFiles: readonly string[]
  /** `api.yaml` has a token with value `$OPENCLAW_MODEL_TOKEN` that may write. */
  modelTokenConfigured: boolean
  /** The hardened baseline of OpenClaw, as configured. */
  baseline: OverlaySettings
  limits: Limits
  containers: {
    /** First three numbers of the network the containers meet on: `172.31.87`. */
    subnet: string
    /** The address of the guard's service inside the cluster. */
    clusterAddress: string
    /** Docker and Podman limit the disk only on file systems with project quotas; elsewhere they refuse to start. */
    storageQuota: boolean
  }
  /** The unit of the whole guard leaves namespaces, mounts and firewall rules to it: sandboxes need them. */
  sandboxing: boolean
}

/** A provider of models as OpenClaw is told of it. */
export interface ProviderFacts {
  name: string
  api: string
  models: readonly { id: string; name: string; contextWindow: number; maxTokens: number }[]
  /** The secret its key is kept under; `null`: it needs none. */
  secretName: string | null
}

/** What OpenClaw may use. */
export interface Limits {
  cpus: number
  memoryBytes: number
  diskBytes: number
  pids: number
}
