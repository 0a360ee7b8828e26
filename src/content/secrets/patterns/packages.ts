import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { isFiller, isPlaceholder, looksGenerated } from '../random-looking.ts'
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
  {
    id: 'npm.registry-token',
    type: 'npm-token',
    title: 'whatever stands as a token behind a registry in .npmrc',
    source: 'npm docs, npmrc: auth related configuration is `//host/:_authToken=`',
    certainty: 'context',
    keywords: ['_authToken', '/:_auth', '/:_password'],
    shape: /(?:\/:_auth|\/:_password|_authToken)[ \t]{0,4}=[ \t]{0,4}"?(?<secret>[A-Za-z0-9\/=_.~-][A-Za-z0-9+\/=_.~-]{3,300})/,
    tail: 'A-Za-z0-9+/=_.~-',
    anywhere: true,
    // There it is a token whatever it looks like; only words that say "put yours here" are none.
    accept: (token) => !isPlaceholder(token) || isFiller(token),
    examples: {
      found: [`//registry.example.org/:_authToken=${mark('hunter2')}`],
      passed: ['"//localhost/:_password = " +new Buffer(x)', '//registry.example.org/:_authToken=$TOKEN', '//registry.example.org/:_authToken=your-token'],
    },
  },
  {
    id: 'nuget.password',
    type: 'password',
    title: 'password of a package source in NuGet.Config',
    source: 'NuGet docs, nuget.config reference: packageSourceCredentials',
    certainty: 'context',
    keywords: ['key="password"', 'key="cleartextpassword"'],
    ignoreCase: true,
    shape: /key="(?:cleartext)?password"\s{1,12}value="(?<secret>[^"<>\r\n]{4,200})"/i,
    accept: (password) => !isPlaceholder(password),
    examples: {
      found: [`<add key="ClearTextPassword"\n  value="${mark('four words of it')}" />`],
      passed: ['<add key="Password" value="%PASSWORD%" />'],
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
