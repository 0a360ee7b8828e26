import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { fill, mark } from '../sample.ts'

export const google: readonly SecretPattern[] = [
  prefixed(
    {
      id: 'google.api-key',
      type: 'google-api-key',
      title: 'Google API key (Gemini, Maps, Firebase)',
      anywhere: true,
      source: 'Google Cloud docs, API keys: AIza and 35 letters',
    },
    ['AIza'],
    { of: 'url', least: 35 },
  ),
  prefixed(
    {
      id: 'google.oauth-client-secret',
      type: 'google-client-secret',
      title: 'Google OAuth client secret',
      source: 'Google identity docs, OAuth client secrets',
    },
    ['GOCSPX-'],
    { of: 'url', least: 24 },
  ),
  {
    id: 'google.oauth-access-token',
    type: 'google-access-token',
    title: 'Google OAuth access token',
    source: 'Google identity docs, access tokens',
    keywords: ['ya29.'],
    shape: /ya29\.[A-Za-z0-9_-]{20,256}/,
    tail: 'A-Za-z0-9_.-',
    examples: { found: [mark(`ya29.${fill(180, 'url')}`)], passed: ['ya29.', 'ya29.short'] },
  },
  {
    id: 'google.oauth-refresh-token',
    type: 'google-refresh-token',
    title: 'Google OAuth refresh token',
    source: 'Google identity docs, OAuth 2.0 playground',
    keywords: ['1//0'],
    shape: /1\/\/0[A-Za-z0-9_-]{40,256}/,
    tail: 'A-Za-z0-9_-',
    examples: { found: [`refresh_token: ${mark(`1//0${fill(95, 'url')}`)}`], passed: ['1//0', '11//0g'] },
  },
]
