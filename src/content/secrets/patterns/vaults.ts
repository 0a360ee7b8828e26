import { namedRows } from '../named.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { isFiller } from '../random-looking.ts'
import { fill, followed, mark, sample } from '../sample.ts'

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
    keywords: followed(['s.', 'b.'], 'alnum'),
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
    anywhere: true,
    // The 14 letters before are the token's id. Were they part of it, a stream would hold back the end of every word.
    shape: /(?<=[A-Za-z0-9]{14})\.atlasv1\.[A-Za-z0-9_=-]{60,100}/,
    tail: 'A-Za-z0-9_=-',
    examples: { found: [fill(14) + mark(`.atlasv1.${fill(67, 'url')}`)], passed: ['x.atlasv1.y'] },
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
    accept: (key) => !isFiller(key.slice(3)),
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
  {
    id: 'octopus.key',
    type: 'octopus-key',
    title: 'Octopus Deploy key',
    source: 'gitleaks rule octopus-deploy-api-key',
    keywords: ['API-'],
    shape: /API-[A-Z0-9]{26}(?![A-Za-z0-9])/,
    accept: (key) => /[0-9]/.test(key),
    examples: { found: [sample('API-', 26, 'upper')], passed: ['API-FIRST', `API-${fill(32, 'upper')}`] },
  },
  ...namedRows([
    ['duo.secret-key', 'Duo integration secret key', 'Duo docs, Auth API: ikey and skey', ['duo_skey', 'duo-skey', 'skey'], 'alnum', 40],
  ]),
  {
    id: 'wireguard.private-key',
    type: 'wireguard-key',
    title: 'WireGuard private or preshared key',
    source: 'wg(8), configuration file format: 32 bytes in base64',
    certainty: 'context',
    keywords: ['privatekey', 'presharedkey'],
    ignoreCase: true,
    anywhere: true,
    shape: /(?:privatekey|presharedkey)[ \t]{0,8}=[ \t]{0,8}(?<secret>[A-Za-z0-9+\/]{43}=)/i,
    examples: { found: [`PrivateKey = ${mark(`${fill(43, 'base64')}=`)}`],
      passed: ['PrivateKey = /etc/wireguard/key'] },
  },
  {
    id: 'secret-token.uri',
    type: 'secret-token',
    title: 'token that says itself that it is secret',
    source: 'RFC 8959: the secret-token URI scheme',
    keywords: ['secret-token:'],
    shape: /secret-token:[A-Za-z0-9._~%!$&'()*+,;=:@-]{8,250}/,
    tail: "A-Za-z0-9._~%!$&'()*+,;=:@-",
    examples: { found: [sample('secret-token:', 20)], passed: ['secret-token: see the vault'] },
  },
]
