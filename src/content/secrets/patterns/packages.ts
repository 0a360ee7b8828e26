import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksGenerated } from '../random-looking.ts'
import { fill, mark } from '../sample.ts'

/** Package and image registries. */
export const packages: readonly SecretPattern[] = [
  prefixed(
    {
      id: 'npm.token',
      type: 'npm-token',
      title: 'npm access token',
      source: 'npm docs, about access tokens',
      anywhere: true,
    },
    ['npm_'],
    { of: 'alnum', least: 36 },
  ),
  {
    id: 'npm.legacy-token',
    type: 'npm-token',
    title: 'registry token in .npmrc',
    source: 'npm docs, npmrc auth settings',
    certainty: 'context',
    keywords: ['_authToken', '_auth', '_password'],
    shape: /_(?:authToken|auth|password)[ \t]{0,4}=[ \t]{0,4}"?(?<secret>[A-Za-z0-9+\/=_-]{20,300})/,
    anywhere: true,
    accept: looksGenerated,
    examples: {
      found: [`//registry.example.org/:_authToken=${mark(fill(36, 'url'))}`],
      passed: ['//registry.example.org/:_authToken=${NPM_TOKEN}'],
    },
  },
  prefixed(
    {
      id: 'pypi.token',
      type: 'pypi-token',
      title: 'PyPI upload token',
      source: 'PyPI help, API tokens: a macaroon for pypi.org',
      anywhere: true,
    },
    ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZ'],
    { of: 'url', least: 70 },
  ),
  prefixed(
    {
      id: 'docker.token',
      type: 'docker-token',
      title: 'Docker Hub access token',
      source: 'Docker docs, personal and organization access tokens',
    },
    ['dckr_pat_', 'dckr_oat_'],
    { of: 'url', least: 27 },
  ),
  prefixed(
    {
      id: 'rubygems.key',
      type: 'rubygems-key',
      title: 'RubyGems API key',
      source: 'RubyGems guides, API key scopes',
    },
    ['rubygems_'],
    { of: 'hex', least: 48 },
  ),
  prefixed(
    {
      id: 'nuget.key',
      type: 'nuget-key',
      title: 'NuGet API key',
      source: 'secret scanning partners list; NuGet docs',
    },
    ['oy2'],
    { of: 'lower', least: 43 },
  ),
  prefixed(
    {
      id: 'crates.token',
      type: 'crates-token',
      title: 'crates.io token',
      source: 'crates.io: cio and 32 letters',
      accept: looksGenerated,
    },
    ['cio'],
    { of: 'alnum', least: 32 },
  ),
  prefixed(
    {
      id: 'clojars.token',
      type: 'clojars-token',
      title: 'Clojars deploy token',
      source: 'gitleaks rule clojars-api-token',
    },
    ['CLOJARS_'],
    { of: 'lower', least: 60 },
  ),
  prefixed(
    {
      id: 'artifactory.token',
      type: 'artifactory-token',
      title: 'JFrog Artifactory key or reference token',
      source: 'gitleaks rules artifactory-api-key and artifactory-reference-token',
      accept: looksGenerated,
    },
    ['AKCp', 'cmVmd'],
    { of: 'alnum', least: 59 },
  ),
]
