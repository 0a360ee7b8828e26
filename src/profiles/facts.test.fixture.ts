import type { InstallationFacts } from './facts.ts'

/** An installation as a fresh machine has it, with what a test wants different. */
export function sampleFacts(different: Partial<InstallationFacts> = {}): InstallationFacts {
  return {
    programs: { node: '/usr/bin/node', hardshell: '/opt/hardshell/node_modules/hardshell/dist/src/cli/main.js', openclaw: '/opt/openclaw/node_modules/openclaw/openclaw.mjs' },
    versions: { hardshell: '1.2.3', openclaw: '2026.9.6' },
    state: '/var/lib/hardshell',
    config: '/etc/openclaw',
    logFolder: null,
    users: { guard: 'hardshell', openclaw: 'openclaw' },
    ports: { gateway: 18_710, ingress: 18_700, model: 18_701, egress: 18_702 },
    providers: [{ name: 'anthropic', api: 'anthropic-messages', models: [{ id: 'claude', name: 'claude', contextWindow: 200_000, maxTokens: 8192 }], secretName: 'ANTHROPIC_API_KEY' }],
    keyFiles: ['ANTHROPIC_API_KEY'],
    modelTokenConfigured: true,
    baseline: { dmScope: 'per-channel-peer', profile: 'messaging', deny: ['group:runtime'], workspaceOnly: true, exec: { security: 'deny', ask: 'always' }, elevated: false },
    limits: { cpus: 2, memoryBytes: 4_000_000_000, diskBytes: 10_000_000_000, pids: 512 },
    containers: { subnet: '172.31.87', clusterAddress: '10.96.87.10', storageQuota: false },
    sandboxing: true,
    ...different,
  }
}
