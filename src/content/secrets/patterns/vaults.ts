import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { fill, mark, sample } from '../sample.ts'

/** Secret managers, infrastructure as code, encryption keys of tools: one of these opens all the others. */
export const vaults: readonly SecretPattern[] = [
  prefixed(
    {
      id: 'vault.token',
      type: 'vault-token',
      title: 'HashiCorp Vault token',
      source: 'Vault docs, tokens: token prefixes',
    },
    ['hvs.', 'hvb.', 'hvr.'],
    { of: 'url', least: 24 },
  ),
  {
    id: 'vault.classic-token',
    type: 'vault-token',
    title: 'Vault token before 1.10',
    source: 'Vault docs, tokens: token prefixes',
    keywords: ['s.', 'b.'],
    shape: /[sb]\.[A-Za-z0-9]{24}(?![A-Za-z0-9._-])/,
    accept: (token) => /[0-9]/.test(token) && /[a-z]/.test(token.slice(2)) && /[A-Z]/.test(token),
    examples: { found: [sample('s.', 24)], passed: ['s.replaceAllTheOccurrencesX', 's.com'] },
  },
  {
    id: 'terraform.token',
    type: 'terraform-token',
    title: 'Terraform Cloud token',
    source: 'gitleaks rule hashicorp-tf-api-token',
    keywords: ['.atlasv1.'],
    lead: { class: 'A-Za-z0-9', most: 16 },
    shape: /[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,100}/,
    tail: 'A-Za-z0-9_=-',
    examples: { found: [mark(`${fill(14)}.atlasv1.${fill(67, 'url')}`)], passed: ['x.atlasv1.y'] },
  },
  {
    id: 'doppler.token',
    type: 'doppler-token',
    title: 'Doppler token',
    source: 'Doppler docs, token formats',
    keywords: ['dp.'],
    shape: /dp\.(?:pt|st|ct|sa|said|scim|audit)\.(?:[a-z0-9_-]{2,40}\.)?[A-Za-z0-9]{40,60}/,
    tail: 'A-Za-z0-9',
    examples: { found: [sample('dp.pt.', 43), sample('dp.st.prd.', 40)], passed: ['dp.pt.', 'dp.get(key)'] },
  },
  prefixed(
    {
      id: 'onepassword.service-token',
      type: 'onepassword-token',
      title: '1Password service account token',
      source: '1Password docs, service accounts',
    },
    ['ops_eyJ'],
    { of: 'base64', least: 100 },
  ),
  {
    id: 'onepassword.secret-key',
    type: 'onepassword-secret-key',
    title: '1Password secret key',
    source: '1Password support, about your Secret Key',
    keywords: ['A3-'],
    shape: /A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}/,
    examples: {
      found: [mark(['A3', 6, 6, 5, 5, 5, 5].map((n) => (typeof n === 'number' ? fill(n, 'upper') : n)).join('-'))],
      passed: ['A3-PAPER-SIZE'],
    },
  },
  {
    id: 'infisical.token',
    type: 'infisical-token',
    title: 'Infisical service token',
    source: 'Infisical docs, service tokens',
    keywords: ['st.'],
    shape: /st\.[a-f0-9-]{24,36}\.[a-f0-9]{32}\.[a-f0-9]{32}/,
    examples: {
      found: [mark(`st.${fill(24, 'hex')}.${fill(32, 'hex')}.${fill(32, 'hex')}`)],
      passed: ['st.dataframe(df)'],
    },
  },
  prefixed(
    {
      id: 'pulumi.token',
      type: 'pulumi-token',
      title: 'Pulumi access token',
      source: 'gitleaks rule pulumi-api-token',
    },
    ['pul-'],
    { of: 'hex', least: 40 },
  ),
  prefixed(
    {
      id: 'age.secret-key',
      type: 'age-secret-key',
      title: 'age secret key',
      source: 'age specification, X25519 identities',
      anywhere: true,
    },
    ['AGE-SECRET-KEY-PQ-1', 'AGE-SECRET-KEY-1', 'AGE-PLUGIN-'],
    { of: 'upper', least: 50 },
  ),
  prefixed(
    {
      id: 'octopus.key',
      type: 'octopus-key',
      title: 'Octopus Deploy key',
      source: 'gitleaks rule octopus-deploy-api-key',
    },
    ['API-'],
    { of: 'upper', least: 26 },
  ),
]
