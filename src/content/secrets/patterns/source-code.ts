import { beside } from '../beside.ts'
import { anyOf, joined } from '../joined.ts'
import { namedRows } from '../named.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksGenerated, looksTyped } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

const github = 'GitHub docs, about authentication: token formats'

/** Where code lives and is built. */
export const sourceCode: readonly SecretPattern[] = [
  {
    id: 'github.personal-token',
    type: 'github-token',
    label: 'GH_TOKEN',
    title: 'GitHub personal access token (classic)',
    source: `OpenClaw security hardening guide, step 6; ${github}`,
    keywords: ['ghp_'],
    // `_` belongs to the letters: GitHub blog, 5 April 2021, new token formats.
    shape: /ghp_[A-Za-z0-9_]{36,255}/,
    tail: 'A-Za-z0-9_',
    anywhere: true,
    examples: {
      found: [`git clone https://${sample('ghp_', 36)}@github.com/a/b`, `x${sample('ghp_', 40)}`],
      passed: [`ghp_${fill(35)}`, 'ghp_'],
    },
  },
  prefixed(
    {
      id: 'github.app-token',
      type: 'github-token',
      label: 'GH_TOKEN',
      title: 'GitHub OAuth, user, server or refresh token',
      source: github,
      anywhere: true,
    },
    ['gho_', 'ghu_', 'ghs_', 'ghr_'],
    { of: 'word', least: 36 },
  ),
  {
    id: 'github.installation-token',
    type: 'github-token',
    label: 'GH_TOKEN',
    title: 'GitHub App installation token that carries a web token',
    source: 'GitHub changelog, 24 April 2026: new format for GitHub App installation tokens',
    keywords: ['ghs_'],
    shape: /ghs_[0-9]{1,20}_[A-Za-z0-9_-]{8,200}\.[A-Za-z0-9_-]{8,200}/,
    tail: 'A-Za-z0-9_.-',
    anywhere: true,
    examples: {
      found: [mark(`ghs_123456_${fill(36, 'url')}.${fill(120, 'url')}.${fill(86, 'url')}`)],
      passed: ['ghs_123456_', 'ghs_12_name.of'],
    },
  },
  prefixed(
    {
      id: 'github.fine-grained-token',
      type: 'github-token',
      label: 'GH_TOKEN',
      title: 'GitHub fine-grained personal access token',
      source: github,
      anywhere: true,
    },
    ['github_pat_'],
    { of: 'url', least: 40 },
  ),
  {
    id: 'gitlab.token',
    type: 'gitlab-token',
    title: 'GitLab token',
    source: 'GitLab docs, token overview: token prefixes; lengths from gitleaks rules gitlab-*',
    keywords: [
      'glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glft-', 'glsoat-', 'glffct-', 'glwt-',
    ],
    shape: /gl(?:pat|dt|rtr?|ft|soat|ffct|wt)-[A-Za-z0-9_-]{20,256}/,
    tail: 'A-Za-z0-9_.-',
    anywhere: true,
    accept: (token) => !looksTyped(token.slice(token.indexOf('-') + 1)),
    examples: {
      found: [`token ${sample('glpat-', 20, 'url')}`, mark(`glpat-${fill(27, 'url')}.01.${fill(9, 'lower')}`)],
      passed: ['glpat-tooshort', 'glsl-shader-minifier-loader', `glpat-${'x'.repeat(20)}`],
    },
  },
  {
    id: 'gitlab.exact-token',
    type: 'gitlab-token',
    title: 'GitLab token of a fixed length',
    source: 'gitleaks rules gitlab-cicd-job-token, gitlab-ptt, gitlab-incoming-mail-token and gitlab-oauth-app-secret',
    keywords: ['glcbt-', 'glptt-', 'glimt-', 'glagent-', 'gloas-'],
    shape: joined(
      anyOf(
        /glcbt-[A-Za-z0-9]{1,5}_[A-Za-z0-9_-]{20}/,
        /glptt-[A-Za-z0-9_-]{40}/,
        /glimt-[A-Za-z0-9_-]{25}/,
        /glagent-[A-Za-z0-9_-]{50,200}/,
        /gloas-[A-Za-z0-9_-]{64}/,
      ),
      /(?![A-Za-z0-9_-])/,
    ),
    anywhere: true,
    examples: {
      found: [sample('glcbt-64_', 20), sample('glptt-', 40, 'hex'), sample('glimt-', 25, 'url'), sample('gloas-', 64,
        'url')],
      passed: [`glptt-${fill(39, 'hex')}`, `glagent-${fill(49)}`, `gloas-${fill(65)}`],
    },
  },
  {
    id: 'gitlab.runner-registration',
    type: 'gitlab-token',
    title: 'GitLab runner registration token',
    source: 'GitLab docs, token overview; no longer given out, so its length will not change',
    keywords: ['GR1348941'],
    shape: /GR1348941[A-Za-z0-9_-]{20}(?![A-Za-z0-9_-])/,
    accept: (token) => !looksTyped(token.slice(9)),
    examples: { found: [sample('GR1348941', 20, 'url')], passed: ['GR1348941', `GR1348941${fill(21)}`] },
  },
  prefixed(
    {
      id: 'atlassian.api-token',
      type: 'atlassian-api-token',
      title: 'Atlassian API token',
      source: 'Atlassian docs, API tokens; gitleaks rule atlassian-api-token',
    },
    ['ATATT3', 'ATCTT3', 'ATBB'],
    { of: 'urlpad', least: 24 },
  ),
  {
    id: 'bitbucket.client-secret',
    type: 'bitbucket-client-secret',
    title: 'Bitbucket OAuth consumer secret',
    source: 'gitleaks rule bitbucket-client-secret',
    certainty: 'context',
    keywords: ['bitbucket'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('bitbucket', '[A-Za-z0-9_=-]{64}'),
    accept: looksGenerated,
    examples: {
      found: [`bitbucket_secret = "${sample('', 64)}"`],
      passed: ['bitbucket: https://bitbucket.org/team/repo'],
    },
  },
  ...namedRows([
    ['atlassian.classic-token', 'Atlassian API token without prefix', 'gitleaks rule atlassian-api-token',
      ['atlassian', 'confluence', 'jira'], 'lower', 24],
    ['bitbucket.client-id', 'Bitbucket OAuth consumer key', 'gitleaks rule bitbucket-client-id', ['bitbucket'],
      'lower', 32],
    ['sourcegraph.classic-token', 'Sourcegraph token without prefix', 'gitleaks rule sourcegraph-access-token',
      ['sourcegraph'], 'hex', 40],
  ]),
  {
    id: 'sourcegraph.token',
    type: 'sourcegraph-token',
    title: 'Sourcegraph access token',
    source: 'Sourcegraph docs, token format: sgp_, perhaps the instance, 40 hex digits',
    keywords: ['sgp_'],
    shape: /sgp_(?:(?:[A-Fa-f0-9]{16}|local)_)?[A-Fa-f0-9]{40}(?![A-Za-z0-9_])/,
    examples: {
      found: [sample('sgp_', 40, 'hex'), sample('sgp_local_', 40, 'hex')],
      passed: [`sgp_${fill(39, 'hex')}`, `sgp_local_${fill(40)}`],
    },
  },
  prefixed(
    { id: 'circleci.token', type: 'circleci-token', title: 'CircleCI token', source: 'CircleCI docs, API tokens' },
    ['CCIPAT_', 'CCIPRJ_'],
    { of: 'url', least: 40 },
  ),
  prefixed(
    {
      id: 'buildkite.token',
      type: 'buildkite-token',
      title: 'Buildkite access token',
      source: 'Buildkite docs, API access tokens',
    },
    ['bkua_', 'bkpt_'],
    { of: 'lower', least: 40 },
  ),
]
