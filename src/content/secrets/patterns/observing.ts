import { beside } from '../beside.ts'
import { namedRows } from '../named.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed, prefixedRows } from '../prefixed.ts'
import { looksGenerated, readsAsWords } from '../random-looking.ts'
import { fill, fillUuid, mark, sample } from '../sample.ts'

/** Monitoring, error tracking, alarms. */
export const observing: readonly SecretPattern[] = [
  {
    id: 'datadog.key',
    type: 'datadog-key',
    title: 'Datadog API or application key',
    source: 'Datadog docs, API and application keys: 32 and 40 hex digits',
    certainty: 'context',
    keywords: ['datadog', 'dd_api', 'dd-api', 'dd_app', 'dd-app', 'ddog'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('datadog|dd[_-]ap[ip]|ddog', '[a-z0-9]{32,40}'),
    accept: looksGenerated,
    examples: {
      found: [`DD_API_KEY=${sample('', 32, 'hex')}`, `datadog.appKey: "${sample('', 40, 'hex')}"`],
      passed: ['DD_API_KEY=$KEY', 'datadog: enabled'],
    },
  },
  prefixed(
    {
      id: 'newrelic.key',
      type: 'newrelic-key',
      title: 'New Relic key',
      source: 'New Relic docs, API keys; gitleaks rules new-relic-*',
    },
    ['NRAK-', 'NRII-', 'NRIQ-', 'NRJS-', 'NRAA-'],
    { of: 'url', least: 19 },
  ),
  {
    id: 'sumologic.access-id',
    type: 'sumologic-access-id',
    title: 'Sumo Logic access id',
    source: 'gitleaks rule sumologic-access-id',
    certainty: 'context',
    keywords: ['sumo', 'Sumo', 'SUMO'], // not in any case: `sumOf`
    anywhere: true,
    shape: beside('sumo', 'su[A-Za-z0-9]{12}'),
    accept: (id) => !readsAsWords(id),
    examples: {
      found: [`SUMO_ACCESS_ID=${sample('su', 12)}`, `sumoId: "${sample('su', 12)}"`],
      passed: ['sumo: superheavyweig', `sumOf = su${fill(12)}`],
    },
  },
  {
    id: 'newrelic.license-key',
    type: 'newrelic-key',
    title: 'New Relic licence key',
    source: 'New Relic docs, license key',
    keywords: ['FFFFNRAL', 'NRAL'],
    lead: { class: 'a-f0-9', most: 36 },
    // The region before it (`eu01xx`) may be shown.
    anywhere: true,
    shape: /[a-f0-9]{30,36}(?:FFFF)?NRAL(?![A-Za-z0-9])/,
    examples: {
      found: [`eu01xx${mark(`${fill(30, 'hex')}NRAL`)}`, mark(`${fill(32, 'hex')}FFFFNRAL`), mark(`${fill(36, 'hex')}NRAL`)],
      passed: ['NRAL', 'GENRAL'],
    },
  },
  prefixed(
    {
      id: 'sentry.token',
      type: 'sentry-token',
      title: 'Sentry auth token',
      source: 'Sentry docs, auth tokens',
      anywhere: true,
    },
    ['sntrys_eyJ', 'sntryu_', 'sntrya_', 'sntryi_'],
    { of: 'base64', least: 60 },
  ),
  {
    id: 'sentry.classic-token',
    type: 'sentry-token',
    title: 'Sentry token without prefix',
    source: 'gitleaks rule sentry-access-token',
    certainty: 'context',
    keywords: ['sentry'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('sentry', '[a-f0-9]{64}'),
    examples: { found: [`SENTRY_AUTH_TOKEN=${sample('', 64, 'hex')}`], passed: ['sentry: true'] },
  },
  {
    id: 'grafana.token',
    type: 'grafana-token',
    title: 'Grafana service account or cloud token',
    source: 'Grafana docs, service account tokens',
    keywords: ['glsa_', 'glc_'],
    shape: /(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+\/]{32,256}={0,3})/,
    examples: { found: [mark(`glsa_${fill(32)}_${fill(8, 'hex')}`), sample('glc_', 60)], passed: ['glc_short'] },
  },
  {
    id: 'dynatrace.token',
    type: 'dynatrace-token',
    title: 'Dynatrace token',
    source: 'Dynatrace docs, access tokens: token format',
    keywords: ['dt0'],
    shape: /dt0[a-z][0-9]{2}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}/,
    anywhere: true,
    examples: { found: [mark(`dt0c01.${fill(24, 'upper')}.${fill(64, 'upper')}`)], passed: ['dt0.png'] },
  },
  ...namedRows([
    ['launchdarkly.token', 'LaunchDarkly access token', 'gitleaks rule launchdarkly-access-token', ['launchdarkly'],
      'urlpad', 40],
    ['newrelic.user-id', 'New Relic user key id', 'gitleaks rule new-relic-user-api-id', ['new-relic', 'newrelic',
      'new_relic'], 'lower', 64],
  ]),
  ...prefixedRows([
    ['axiom.token', 'Axiom token', 'Axiom docs, API tokens', ['xaat-', 'xapt-'], 'url', 36],
    ['coralogix.key', 'Coralogix key', 'Coralogix docs, API keys', ['cxup_', 'cxtp_'], 'alnum', 20],
    ['grafana.classic-key', 'Grafana API key', 'gitleaks rule grafana-api-key: eyJrIjoi is {"k":" in base64',
      ['eyJrIjoi'], 'base64', 60],
    ['posthog.personal-key', 'PostHog personal key', 'PostHog docs, personal API keys', ['phx_'], 'alnum', 40],
    ['rootly.key', 'Rootly key', 'TruffleHog, detector rootly', ['rootly_'], 'hex', 64],
    ['pixie.key', 'Pixie key', 'Nosey Parker rules np.newrelic.*', ['px-api-', 'px-dep-'], 'alnumdash', 36],
    ['spectral.token', 'Spectral token', 'TruffleHog, detector spectralops', ['spu-'], 'hex', 32],
    ['statsig.secret', 'Statsig server secret', 'Statsig docs, server keys', ['secret-'], 'alnum', 40],
  ]),
  prefixed(
    { id: 'honeycomb.key', type: 'honeycomb-key', title: 'Honeycomb ingest key', source: 'Honeycomb docs, API keys' },
    ['hcaik_', 'hcbik_', 'hcxik_'],
    { of: 'alnum', least: 50 },
  ),
  {
    id: 'launchdarkly.key',
    type: 'launchdarkly-key',
    title: 'LaunchDarkly SDK or API key',
    source: 'LaunchDarkly docs, keys',
    keywords: ['sdk-', 'api-', 'mob-'],
    shape: /(?:sdk|api|mob)-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}/,
    examples: { found: [mark(`sdk-${fillUuid()}`)], passed: ['sdk-core', 'api-gateway'] },
  },
  {
    id: 'observing.key-beside-name',
    type: 'monitoring-key',
    title: 'key beside the name of a monitoring service',
    source: 'gitleaks rules sumologic-* and snyk-api-token',
    certainty: 'context',
    keywords: [
      'sumologic', 'sumo_', 'rollbar', 'bugsnag', 'pagerduty', 'opsgenie', 'splunk', 'logdna', 'loggly', 'snyk',
      'logzio', 'amplitude', 'mixpanel',
    ],
    ignoreCase: true,
    anywhere: true,
    shape: beside(
      'sumologic|sumo_|rollbar|bugsnag|pagerduty|opsgenie|splunk|logdna|loggly|snyk|logzio|amplitude|mixpanel',
      '[A-Za-z0-9+-]{14,64}',
    ),
    accept: looksGenerated,
    examples: {
      found: [`SNYK_TOKEN=${mark(fillUuid())}`, `SPLUNK_HEC_TOKEN: ${mark(fillUuid())}`],
      passed: ['pagerduty: PXXXXXX', 'splunk: https'],
    },
  },
]
