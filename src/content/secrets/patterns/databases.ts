import { beside } from '../beside.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksGenerated } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

const platforms = [
  'confluent', 'algolia', 'snowflake', 'pinecone', 'qdrant', 'weaviate', 'elastic_api', 'mongodb_api',
  'auth0', 'binance',
]

/** Hosted databases and data platforms. Passwords in connection URLs are in carriers.ts. */
export const databases: readonly SecretPattern[] = [
  {
    id: 'databricks.token',
    type: 'databricks-token',
    title: 'Databricks token',
    source: 'Databricks docs, personal access tokens',
    keywords: ['dapi', 'dose'],
    shape: /(?:dapi|dose)[A-Fa-f0-9]{32}(?:-[0-9]{1,2})?(?![A-Fa-f0-9])/,
    examples: {
      found: [sample('dapi', 32, 'hex'), mark(`dapi${fill(32, 'hex')}-2`)],
      passed: ['dapi', `dapi${fill(33, 'hex')}`],
    },
  },
  prefixed(
    {
      id: 'planetscale.token',
      type: 'planetscale-token',
      title: 'PlanetScale password or token',
      source: 'gitleaks rules planetscale-*',
    },
    ['pscale_pw_', 'pscale_tkn_', 'pscale_oauth_'],
    { of: 'dottedpad', least: 32 },
  ),
  prefixed(
    { id: 'supabase.token', type: 'supabase-token', title: 'Supabase token', source: 'Supabase docs, API keys' },
    ['sbp_', 'sb_secret_'],
    { of: 'url', least: 30 },
  ),
  prefixed(
    { id: 'neon.key', type: 'neon-key', title: 'Neon API key', source: 'Neon docs, API keys' },
    ['napi_'],
    { of: 'alnum', least: 60 },
  ),
  prefixed(
    { id: 'prefect.key', type: 'prefect-key', title: 'Prefect key', source: 'gitleaks rule prefect-api-token' },
    ['pnu_', 'pnb_'],
    { of: 'alnum', least: 36 },
  ),
  prefixed(
    {
      id: 'clickhouse.key',
      type: 'clickhouse-key',
      title: 'ClickHouse Cloud key',
      source: 'gitleaks rule clickhouse-cloud-api-secret-key',
      accept: looksGenerated,
    },
    ['4b1d'],
    { of: 'alnum', least: 38 },
  ),
  {
    id: 'confluent.secret',
    type: 'confluent-secret',
    title: 'key beside the name of a data platform',
    source: 'gitleaks rules confluent-* and algolia-api-key',
    certainty: 'context',
    keywords: platforms,
    ignoreCase: true,
    anywhere: true,
    shape: beside(platforms, '[A-Za-z0-9+\\/=_-]{16,100}', '[A-Za-z0-9+\\/=_.-]'),
    accept: looksGenerated,
    examples: {
      found: [`ALGOLIA_ADMIN_KEY=${sample('', 32, 'hex')}`, `confluent_secret: "${sample('', 64)}"`],
      passed: ['pinecone: us-east1-gcp-starter'],
    },
  },
]
