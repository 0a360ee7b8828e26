import { itemsOf } from './item.ts'

/** The fifth guide, section by section; its closing list comes last. */
export const guide5 = itemsOf('5', {
  Sandbox: [
    ['read-only', 'the file system is read-only but for workspace and memory', ['readOnlyRoot', 'sandboxProven']],
    ['no-host-network', 'no container shares the network of the host', ['containerNetwork']],
    ['capabilities', 'capabilities are dropped', ['containerCapabilities']],
    ['limits', 'CPU, memory and disk are limited', ['resourceLimits']],
    ['non-root', 'nothing of OpenClaw runs as root', ['dedicatedUser', 'containerUser']],
  ],
  Secrets: [
    ['environment', 'secrets are injected, not configured', ['keysNotInFiles']],
    ['rotation', 'secrets are changed by the clock', ['rotation']],
    ['per-skill', 'each skill gets its own credentials', [], 'vouch'],
    ['memory', 'memory holds no credentials', ['memoryClean']],
  ],
  Network: [
    ['outbound', 'agents reach approved hosts only', ['egress', 'egressProven']],
    ['dns', 'approved names are resolved only', ['dns', 'dnsProven']],
    ['inbound', 'nothing comes in from the internet', ['gatewayLocal', 'portsClosed']],
    ['segment', 'the agent has a network of its own', ['kernelProven'], 'vouch'],
  ],
  'Prompt injection': [
    ['input', 'input is cleaned before an agent reads it', ['inputValidation']],
    ['contexts', 'instructions and data are told apart', ['untrustedMarked', 'promptBoundaries']],
    ['output', 'actions are checked before they happen', ['toolCallProven', 'execConfined']],
    ['approvals', 'risky actions wait for a person', ['approvals', 'toolCallProven']],
    ['canaries', 'canaries lie where nobody should read', ['canaries', 'canaryProven'], 'vouch'],
  ],
  Access: [
    ['roles', 'operators, developers and administrators have rights of their own', ['leastTokens']],
    ['logged', 'every action is in a log out of reach of the agent', ['auditLog', 'auditLogProven']],
    ['tenants', 'tenants share nothing', ['cellsProven', 'secretsApart']],
  ],
  Monitoring: [
    ['costs', 'spending is counted as it happens, with a stop', ['budgets', 'budgetProven', 'budgetWarns']],
    ['behaviour', 'odd behaviour is noticed', ['alertSpike', 'alertTools'], 'vouch'],
    ['health', 'agents that stop answering alert and restart', ['serviceRestarts'], 'vouch'],
    ['errors', 'errors are collected'],
  ],
  'Closing list': [
    ['end-container', 'agents run in a sandbox with limits', ['sandbox', 'sandboxProven', 'resourceLimits']],
    ['end-user', 'the sandbox has a user without rights', ['containerUser', 'dedicatedUser']],
    ['end-read-only', 'read-only but for the workspace', ['readOnlyRoot', 'sandboxProven']],
    ['end-outbound', 'a network with a list of allowed hosts', ['egress', 'egressProven', 'kernelProven']],
    ['end-secrets', 'no secret in configuration files', ['keysNotInFiles']],
    ['end-rotation', 'secrets changed by the clock', ['rotation']],
    ['end-memory', 'memory searched for credentials', ['memoryClean']],
    ['end-input', 'input cleaned', ['inputValidation']],
    ['end-approvals', 'a person approves risky actions', ['approvals', 'toolCallProven']],
    ['end-log', 'every action logged for good', ['auditLog', 'auditLogChained', 'auditLogProven']],
    ['end-costs', 'spending stops itself', ['budgets', 'budgetProven']],
    ['end-health', 'health checks restart it', ['serviceRestarts'], 'vouch'],
    ['end-canaries', 'canaries in place', ['canaries', 'canaryProven'], 'vouch'],
    ['end-dns', 'DNS filtered', ['dns', 'dnsProven']],
    ['end-roles', 'roles for operators and developers', ['leastTokens']],
  ],
})
