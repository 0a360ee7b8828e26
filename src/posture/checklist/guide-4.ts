import { itemsOf } from './item.ts'

/** The fourth guide, section by section; its closing list comes last. */
export const guide4 = itemsOf('4', {
  'Threat model': [
    ['mapped', 'endpoints, keys, logs and access to the host are mapped', [], 'vouch'],
  ],
  Host: [
    ['patched', 'system and packages are patched regularly', ['patched', 'autoUpdates']],
    ['own-user', 'OpenClaw runs as a user of its own without administration rights', ['dedicatedUser']],
    ['disk', 'the disk is encrypted', ['diskEncrypted']],
    ['secure-boot', 'secure boot is on', ['secureBoot']],
    ['services', 'unneeded services are gone', ['servicesFew'], 'vouch'],
    ['inbound', 'what comes in is denied by default', ['firewall']],
    ['ssh', 'remote administration takes keys, no passwords', ['sshKeysOnly']],
    ['ssh-sources', 'and comes from known address ranges', ['sshSources']],
    ['failed-units', 'no service has failed', ['servicesHealthy']],
  ],
  Runtime: [
    ['local', 'OpenClaw listens on loopback or a private network', ['gatewayLocal']],
    ['proxy', 'a proxy in front does TLS, login and rate', ['frontDoorProven', 'rateLimit'], 'vouch'],
    ['login', 'every endpoint but health asks for a login', ['gatewayAuth', 'frontDoorProven']],
    ['debug', 'debug and development modes are off', ['debugOff']],
    ['egress', 'only needed providers are reached', ['egress', 'egressProven']],
    ['tls', 'TLS 1.2 or newer only', ['tls']],
    ['hsts', 'answers carry HSTS', ['securityHeaders'], 'vouch'],
    ['size', 'large requests are refused', ['frontDoorSize']],
    ['timeouts', 'slow requests end', ['frontDoorProven']],
    ['rate', 'addresses and tokens are limited in rate', ['rateLimit']],
  ],
  Secrets: [
    ['store', 'secrets lie in a store, not in committed files', ['keysNotInFiles', 'keysNotCommitted']],
    ['rotated', 'keys and tokens are changed by the clock and after incidents', ['rotation', 'playbooks']],
    ['least', 'each service has a key of its own with few rights', ['secretsApart'], 'vouch'],
    ['scanned', 'repositories and artefacts are searched for secrets', ['keysNotCommitted']],
    ['rotation-steps', 'a rotation makes, stores, loads, tries and ends keys', ['rotation', 'modelDoorProven']],
  ],
  Segments: [
    ['tier-private', 'the port of OpenClaw is reached by its proxy only', ['gatewayLocal', 'portsClosed']],
    ['tier-operator', 'operators come by VPN', ['managementByAddress'], 'vouch'],
    ['tier-public', 'the public sees the proxy only', ['portsClosed', 'frontDoorProven']],
  ],
  'Detection and recovery': [
    ['logs', 'login, error and audit logs are collected', ['auditLog'], 'vouch'],
    ['alerts', 'guessing, failing tokens and odd traffic alert', ['alertLogins', 'alertLeaks']],
    ['snapshots', 'there are snapshots nobody can change'],
    ['restore', 'rollback and restore are tried each release'],
    ['run-restart', 'it is written how to restart', ['serviceRestarts'], 'vouch'],
    ['run-keys', 'it is written how to end keys', ['playbooks']],
    ['run-isolate', 'it is written how to isolate', ['playbooks', 'killSwitch']],
    ['run-rollback', 'it is known which version to go back to'],
  ],
  'Closing list': [
    ['end-endpoints', 'sensitive endpoints ask for a login and are out of reach without VPN or proxy', ['gatewayAuth', 'gatewayLocal', 'frontDoorProven']],
    ['end-secrets', 'no secrets in history or shared folders', ['keysNotCommitted', 'keysNotInFiles']],
    ['end-firewall', 'the firewall denies by default', ['firewall']],
    ['end-ingress', 'TLS and rate limits at the entrance', ['rateLimit', 'tls'], 'vouch'],
    ['end-rollback', 'a drill restored service in time'],
  ],
})
