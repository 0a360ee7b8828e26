import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksTyped } from '../random-looking.ts'
import { fill, mark } from '../sample.ts'

// Keys of samples that Firebase and Chromium publish in their own code, without what they all begin with. They stand in
// thousands of repositories and open nothing. Source: gitleaks rule gcp-api-key, its allow list.
const publishedKeys = new Set([
  'yAnLA7NfeLquW1tJFpx_eQCxoX-oo6YyIs', 'yCkEhVjf3pduRDt6d1yKOMitrUEke8agEM', 'yDMAScliyLx7F0NPDEJi1QmyCgHIAODrlU',
  'yD3asb-2pEZVqMkmL6M9N6nHZRR_znhrh0', 'yAdOS2zB6NCsk1pCdZ4-P6GBdi_UUPwX7c', 'yASWm6HmTMdYWpgMnjRBjxcQ9CKctWmLd4',
  'yANUvH9H9BsUccjsu2pCmEkOPjjaXeDQgY', 'yA5_iVawFQ8ABuTZNUdcwERLJv_a_p4wtM', 'yA4UrcGxgwQFTfaI3no3t7Lt1sjmdnP5sQ',
  'yDSb51JiIcB6OJpwwMicseKRhhrOq1cS7g', 'yBF2RrAIm4a0mO64EShQfqfd2AFnzAvvuU', 'yBcE-OOIbhjyR83gm4r2MFCu4MJmprNXsw',
  'yB8qGxt4ec15vitgn44duC5ucxaOi4FmqE', 'yA8vmApnrHNFE0bApF4hoZ11srVL_n0nvY',
])

export const google: readonly SecretPattern[] = [
  prefixed(
    {
      id: 'google.api-key',
      type: 'google-api-key',
      title: 'Google API key (Gemini, Maps, Firebase)',
      anywhere: true,
      source: 'Google Cloud docs, API keys: AIza and 35 letters',
      accept: (key) => !publishedKeys.has(key.slice(5)) && !looksTyped(key.slice(4)),
    },
    ['AIza'],
    { of: 'url', least: 35 },
  ),
  prefixed(
    {
      id: 'google.auth-key',
      type: 'google-api-key',
      title: 'Google (Gemini) API key of the new form',
      source: 'Gemini API docs, using API keys: new keys begin with AQ.Ab, AIza is given up in 2026',
    },
    ['AQ.A'],
    { of: 'url', least: 30 },
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
