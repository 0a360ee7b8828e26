import { describe, expect, it } from 'vitest'
import { settingsReference } from './settings-reference.ts'

const lines = settingsReference().trimEnd().split('\n').slice(2)
const rows = lines.map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()))

describe('the reference of settings', () => {
  it('has each setting once, with a meaning and a verdict', () => {
    expect(rows.length).toBeGreaterThan(80)
    expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length)
    const incomplete = rows.filter((row) => row.length !== 7 || row[5] === '' || !/^(yes|not yet)$/.test(row[6]!))
    expect(incomplete).toEqual([])
  })

  it('shows defaults as somebody would write them', () => {
    expect(rows.find(([key]) => key === '`proof.every`')).toEqual([
      '`proof.every`', 'config.yaml', 'text', '`"5m"`', 'duration', 'time between two rounds of proofs', 'yes',
    ])
    expect(rows.find(([key]) => key === '`api.auth.tokens[].value`')?.[3]).toBe('required')
  })

  it('claims to enforce what the foundation enforces, and no more', () => {
    const enforced = rows.filter((row) => row[6] === 'yes').map(([key]) => key!.replaceAll('`', ''))
    // Written out, so that a flag that is flipped is looked at twice: whoever adds a line here has wired it.
    expect(enforced.filter((key) => !/^(models|server|proof|secrets|rotation)\b/.test(key))).toEqual([
      'tls.min_version',
      'tls.preferred_version',
      'tls.verify_certificates',
      'tls.ca_bundle',
      'audit.enabled',
      'audit.log_path',
      'audit.format',
      'audit.rotation.max_size',
      'audit.tamper_protection.enabled',
      'audit.tamper_protection.method',
      'budgets.tokens_per_request',
      'budgets.per_session',
      'budgets.per_agent',
      'budgets.per_agent_overrides',
      'budgets.per_user',
      'budgets.per_user_overrides',
      'budgets.per_channel',
      'budgets.per_channel_overrides',
      'budgets.per_cron_job',
      'budgets.per_cron_job_overrides',
      'budgets.per_day',
      'budgets.per_month',
      'budgets.global',
      'budgets.warn_at',
      'budgets.prices.<name>.input',
      'budgets.prices.<name>.output',
      'budgets.prices.<name>.cache_read',
      'budgets.prices.<name>.cache_write_5m',
      'budgets.prices.<name>.cache_write_1h',
      'budgets.prices.<name>.max_output_tokens',
      'budgets.prices_file',
      'budgets.ceiling.input',
      'budgets.ceiling.output',
      'budgets.ceiling.cache_read',
      'budgets.ceiling.cache_write_5m',
      'budgets.ceiling.cache_write_1h',
      'budgets.ceiling.max_output_tokens',
      'budgets.unknown_model',
      'loops.identical_calls',
      'loops.actions_per_minute',
      'loops.turns_per_task',
      'loops.hand_offs',
      'content.redact_secrets',
      'content.input.blocked_patterns',
      'content.input.injection',
      'content.output.pii',
      'content.output.pii_regions',
      'content.output.exfiltration',
      'content.output.allowed_hosts',
      'content.output.cut_at_canary',
      'gateway.mode',
      'gateway.bind',
      'gateway.port',
      'gateway.auth.mode',
      'session.dmScope',
      'tools.profile',
      'tools.deny',
      'tools.fs.workspaceOnly',
      'tools.exec.security',
      'tools.exec.ask',
      'tools.elevated.enabled',
      'egress.listen',
      'egress.mode',
      'egress.allowed_hosts',
      'egress.denied_hosts',
      'egress.allow_private',
      'egress.agents.<name>.allowed_hosts',
      'egress.agents.<name>.denied_hosts',
      'egress.agents.<name>.connections',
      'egress.agents.<name>.bytes_per_hour',
      'egress.skills.<name>.allowed_hosts',
      'egress.skills.<name>.denied_hosts',
      'egress.skills.<name>.connections',
      'egress.skills.<name>.bytes_per_hour',
      'egress.unidentified',
      'egress.do_without',
      'egress.dangerously_allow_ech',
      'egress.inspect[].host',
      'egress.inspect[].methods',
      'egress.inspect[].paths',
      'egress.inspect[].max_body',
      'egress.inspect[].secrets',
      'egress.inspect[].answers',
      'egress.inspect[].credentials[].secret',
      'egress.inspect[].credentials[].header',
      'egress.limits.connect_timeout',
      'egress.limits.opening_timeout',
      'egress.limits.idle_timeout',
      'egress.limits.lifetime',
      'egress.limits.connections',
      'egress.limits.connections_per_identity',
      'egress.limits.bytes_per_connection',
      'egress.limits.bytes_per_hour',
      'egress.alerts.new_destination',
      'egress.alerts.upload',
      'egress.dns_over_https',
      'isolation.mode',
      'isolation.confirm_within',
      'isolation.loopback_ports',
      'api.auth.type',
      'api.auth.tokens[].id',
      'api.auth.tokens[].value',
      'api.auth.tokens[].permissions',
      'jobs.<name>.schedule',
      'jobs.<name>.action',
      'jobs.<name>.secrets',
    ])
    expect(enforced).toEqual(expect.arrayContaining(['models.listen', 'server.listen', 'proof.every']))
  })
})
