import { beside } from '../beside.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksGenerated } from '../random-looking.ts'
import { fill, sample } from '../sample.ts'

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
    shape: /ghp_[A-Za-z0-9]{36,255}/,
    tail: 'A-Za-z0-9',
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
    { of: 'alnum', least: 36 },
  ),
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
    source: 'GitLab docs, token overview: token prefixes',
    keywords: [
      'glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'gloas-', 'glsoat-',
      'glffct-', 'glwt-',
    ],
    shape: /gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_-]{20,256}/,
    tail: 'A-Za-z0-9_.-',
    anywhere: true,
    examples: {
      found: [`token ${sample('glpat-', 20, 'url')}`, sample('glcbt-', 24, 'url')],
      passed: ['glpat-tooshort', 'glsl-shader-minifier-loader'],
    },
  },
  prefixed(
    {
      id: 'gitlab.runner-registration',
      type: 'gitlab-token',
      title: 'GitLab runner registration token',
      source: 'GitLab docs, token overview',
    },
    ['GR1348941'],
    { of: 'url', least: 20 },
  ),
  prefixed(
    {
      id: 'atlassian.api-token',
      type: 'atlassian-api-token',
      title: 'Atlassian API token',
      source: 'Atlassian docs, API tokens; gitleaks rule atlassian-api-token',
    },
    ['ATATT3', 'ATCTT3', 'ATBB'],
    { of: 'base64', least: 28 },
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
  prefixed(
    {
      id: 'sourcegraph.token',
      type: 'sourcegraph-token',
      title: 'Sourcegraph access token',
      source: 'gitleaks rule sourcegraph-access-token',
    },
    ['sgp_'],
    { of: 'url', least: 40 },
  ),
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
    { of: 'hex', least: 40 },
  ),
]
