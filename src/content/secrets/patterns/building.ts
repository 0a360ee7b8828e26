import { beside } from '../beside.ts'
import { namedRows } from '../named.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixedRows } from '../prefixed.ts'
import { looksTyped } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

const gitleaks = 'gitleaks, default rules'
const sidekiqNames = ['bundle_enterprise__contribsys__com', 'bundle_gems__contribsys__com'] as const

/** Building, checking and shipping code, and the clusters it runs on. */
export const building: readonly SecretPattern[] = [
  ...namedRows([
    ['codeclimate.reporter', 'Code Climate reporter id', 'Nosey Parker rule np.codeclimate.1', ['cc_test_reporter'], 'hex', 64],
    ['codecov.token', 'Codecov token', gitleaks, ['codecov'], 'lower', 32],
    ['droneci.token', 'Drone CI token', gitleaks, ['droneci'], 'lower', 32],
    ['jfrog.key', 'JFrog key', gitleaks, ['jfrog', 'artifactory', 'bintray', 'xray'], 'lower', 73],
    ['jfrog.identity-token', 'JFrog identity token', gitleaks, ['jfrog', 'artifactory', 'bintray', 'xray'],
      'lower', 64],
    ['sonar.token', 'SonarQube token without prefix', gitleaks, ['sonar_', 'sonar.', 'sonar-'], 'urlpad', 40],
    ['travis.token', 'Travis CI token', gitleaks, ['travis'], 'alnum', 22],
  ]),
  ...prefixedRows([
    ['deno-deploy.token', 'Deno Deploy token', 'Deno Deploy docs, access tokens', ['ddp_', 'ddo_'], 'alnum', 36],
    ['dependency-track.key', 'Dependency-Track key', 'Dependency-Track changelog 4.9', ['odt_'], 'alnum', 32],
    ['docker-swarm.token', 'Docker Swarm join token or unlock key', 'Docker docs, swarm join-token', ['SWMTKN-1-',
      'SWMKEY-1-'], 'alnumdash', 40],
    ['sonar.prefixed-token', 'SonarQube token', 'SonarQube docs, user tokens', ['squ_', 'sqp_', 'sqa_'], 'lower', 40],
    ['snyk.token', 'Snyk service token', 'Snyk docs, tokens', ['snyk_uat.', 'snyk_sat.'], 'dotted', 30],
    ['teamwork.token', 'Teamwork token', 'Kingfisher, default rules', ['tkn.v1_'], 'base64', 60],
    ['stackhawk.key', 'StackHawk key', 'Kingfisher, default rules', ['hawk.'], 'dotted', 41],
    ['cody.key', 'Sourcegraph Cody key', 'Kingfisher, default rules', ['slk_'], 'hex', 64],
  ]),
  {
    id: 'infracost.key',
    type: 'infracost-key',
    title: 'Infracost key',
    source: 'gitleaks rule infracost-api-token',
    keywords: ['ico-'],
    shape: /ico-[A-Za-z0-9]{32}(?![A-Za-z0-9])/,
    accept: (key) => /[A-Z]/.test(key), // icons are called after the hash of what is in them
    examples: { found: [sample('ico-', 32)], passed: [`box.ico-${fill(32, 'hex')}.png`] },
  },
  {
    id: 'harness.token',
    type: 'harness-token',
    title: 'Harness personal or service account token',
    source: 'gitleaks rule harness-api-key',
    keywords: ['pat.', 'sat.'],
    shape: /[ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}/,
    tail: 'A-Za-z0-9',
    examples: { found: [mark(`pat.${fill(22, 'url')}.${fill(24)}.${fill(20)}`)], passed: ['pat.com',
      'sat.down.there'] },
  },
  {
    id: 'sidekiq.credentials',
    type: 'sidekiq-credentials',
    title: 'credentials for Sidekiq’s package server',
    source: 'gitleaks rule sidekiq-secret',
    certainty: 'context',
    keywords: sidekiqNames,
    ignoreCase: true,
    anywhere: true,
    shape: beside(sidekiqNames, '[a-f0-9]{8}:[a-f0-9]{8}'),
    examples: {
      found: [`BUNDLE_GEMS__CONTRIBSYS__COM=${mark(`${fill(8, 'hex')}:${fill(8, 'hex')}`)}`],
      passed: ['BUNDLE_GEMS__CONTRIBSYS__COM=$SIDEKIQ'],
    },
  },
  {
    id: 'truenas.key',
    type: 'truenas-key',
    title: 'TrueNAS key',
    source: 'Nosey Parker rule np.truenas.1; TrueNAS WebSocket API, auth.login_with_api_key',
    certainty: 'context',
    keywords: ['login_with_api_key'],
    anywhere: true,
    shape: /login_with_api_key[\\"', \t]{1,8}params[\\"': \t]{1,8}\[[\\"' \t]{1,6}(?<secret>[0-9]{1,4}-[A-Za-z0-9]{64})/,
    examples: {
      found: [`{"method":"auth.login_with_api_key", "params": ["${mark(`8-${fill(64)}`)}"]}`],
      passed: ['{"method":"auth.login_with_api_key", "params": ["8-key"]}'],
    },
  },
  {
    id: 'openshift.token',
    type: 'openshift-token',
    title: 'OpenShift user token',
    source: 'gitleaks rule openshift-user-token',
    keywords: ['sha256~'],
    shape: /sha256~[A-Za-z0-9_\\-]{43,256}/,
    tail: 'A-Za-z0-9_-',
    accept: (token) => !looksTyped(token.slice(7)),
    examples: { found: [sample('sha256~', 43, 'url')], passed: ['sha256~', `sha256:${fill(64, 'hex')}`] },
  },
  {
    id: 'rancher.token',
    type: 'rancher-token',
    title: 'Rancher API token',
    source: 'Rancher docs, API tokens: name and 54 letters',
    keywords: ['token-', 'kubeconfig-'],
    shape: /(?:token-|kubeconfig-(?:u-)?)[a-z0-9-]{5,30}:[a-z0-9]{54}(?![A-Za-z0-9])/,
    examples: { found: [mark(`token-${fill(5, 'lower')}:${fill(54, 'lower')}`)], passed: ['token-based: yes',
      'token-abcde:short'] },
  },
  {
    id: 'gitlab.session-cookie',
    type: 'gitlab-session',
    title: 'GitLab session cookie',
    source: 'gitleaks rule gitlab-session-cookie',
    keywords: ['_gitlab_session='],
    shape: /_gitlab_session=(?<secret>[a-f0-9]{32}|[a-z0-9]{32})(?![A-Za-z0-9])/,
    anywhere: true,
    examples: { found: [`Cookie: _gitlab_session=${mark(fill(32, 'hex'))}`], passed: ['_gitlab_session=;'] },
  },
]
