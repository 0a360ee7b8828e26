import { beside } from '../beside.ts'
import { namedRows } from '../named.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed, prefixedRows } from '../prefixed.ts'
import { looksGenerated } from '../random-looking.ts'
import { fill, mark } from '../sample.ts'

const gitleaks = 'gitleaks, default rules'

/** Networks of people, and chat systems of one's own. */
export const social: readonly SecretPattern[] = [
  ...namedRows([
    ['gitter.token', 'Gitter token', gitleaks, ['gitter'], 'url', 40],
    ['linkedin.client-id', 'LinkedIn client id', gitleaks, ['linkedin', 'linked_in', 'linked-in'], 'lower', 14],
    ['linkedin.client-secret', 'LinkedIn client secret', gitleaks, ['linkedin', 'linked_in', 'linked-in'], 'lower', 16],
    ['mattermost.token', 'Mattermost token', gitleaks, ['mattermost'], 'lower', 26],
    ['messagebird.token', 'MessageBird token', gitleaks, ['messagebird', 'message_bird', 'message-bird'], 'lower', 25],
    ['sendbird.token', 'Sendbird token', gitleaks, ['sendbird'], 'hex', 40],
    ['twitch.token', 'Twitch token', gitleaks, ['twitch'], 'lower', 30],
    ['twitter.api-key', 'X (Twitter) API key', gitleaks, ['twitter'], 'alnum', 25],
    ['twitter.api-secret', 'X (Twitter) API secret', gitleaks, ['twitter'], 'alnum', 50],
    ['twitter.access-secret', 'X (Twitter) access token secret', gitleaks, ['twitter'], 'alnum', 45],
    ['discord.api-token', 'Discord public or signing key', gitleaks, ['discord'], 'hex', 64],
    ['discord.client-secret', 'Discord client secret', gitleaks, ['discord'], 'urlpad', 32],
    ['facebook.app-secret', 'Facebook app secret', gitleaks, ['facebook'], 'hex', 32],
  ]),
  {
    id: 'discord.client-id',
    type: 'discord-client-id',
    title: 'Discord client id where a secret is expected',
    source: gitleaks,
    certainty: 'context',
    keywords: ['discord'],
    ignoreCase: true,
    anywhere: true,
    // Ids of channels and people look the same and are no secret: the name must say more than "discord".
    shape: beside(['discord[\\w.-]{0,12}(?:token|secret|key|client)'], '[0-9]{18}'),
    examples: {
      found: [`DISCORD_CLIENT_ID=${mark(fill(18, 'digit'))}`],
      passed: [`discord_channel_id: ${fill(18, 'digit')}`, `discord: ${fill(18, 'digit')}`],
    },
  },
  {
    id: 'twitter.access-token',
    type: 'twitter-access-token',
    title: 'X (Twitter) access token',
    source: 'X docs, OAuth 1.0a: the user’s number, a dash, 40 letters',
    certainty: 'context',
    keywords: ['twitter'],
    ignoreCase: true,
    anywhere: true,
    shape: beside('twitter', '[0-9]{15,25}-[A-Za-z0-9]{20,40}'),
    accept: looksGenerated,
    examples: {
      found: [`TWITTER_ACCESS_TOKEN=${mark(`${fill(19, 'digit')}-${fill(40)}`)}`],
      passed: ['twitter: 1234567890'],
    },
  },
  prefixed(
    {
      id: 'twitter.bearer-token',
      type: 'twitter-bearer-token',
      title: 'X (Twitter) app-only bearer token',
      source: 'gitleaks rule twitter-bearer-token',
      accept: looksGenerated,
    },
    ['AAAAAAAAAAAAAAAAAAAAAA'],
    { of: 'percent', least: 80 },
  ),
  {
    id: 'facebook.app-token',
    type: 'facebook-token',
    title: 'Facebook app access token',
    source: 'Meta docs, access tokens: the app’s number, a bar, 27 letters',
    keywords: ['0|', '1|', '2|', '3|', '4|', '5|', '6|', '7|', '8|', '9|', '%7C'],
    lead: { class: '0-9', most: 16 },
    shape: /[0-9]{15,16}(?:\||%7C)[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])/,
    examples: { found: [`facebook ${mark(`${fill(15, 'digit')}|${fill(27, 'url')}`)}`], passed: ['1|2|3', '15 | 16'] },
  },
  {
    id: 'twitch.stream-key',
    type: 'twitch-stream-key',
    title: 'Twitch stream key',
    source: 'Nosey Parker rule np.twitch.1: the channel’s number and 30 letters',
    keywords: ['live_'],
    shape: /live_[0-9]{7,12}_[A-Za-z0-9]{28,40}(?![A-Za-z0-9])/,
    examples: { found: [mark(`live_${fill(9, 'digit')}_${fill(30)}`)], passed: ['live_12345_stream', 'live_update'] },
  },
  {
    id: 'matrix.access-token',
    type: 'matrix-token',
    title: 'Matrix access or refresh token of Synapse',
    source: 'Synapse, handlers/auth.py: syt_ or syr_, the user in base64, 20 letters, CRC-32 in base 62',
    keywords: ['syt_', 'syr_'],
    shape: /sy[tr]_[A-Za-z0-9+\/=]{2,200}_[A-Za-z]{20}_[A-Za-z0-9]{6}(?![A-Za-z0-9])/,
    examples: {
      found: [mark(`syt_${fill(12)}_${fill(40).replaceAll(/[0-9]/g, '').slice(0, 20)}_${fill(6)}`)],
      passed: ['syt_user', 'syr_a_b_c'],
    },
  },
  ...prefixedRows([
    ['matrix.mas-token', 'Matrix token', 'Matrix Authentication Service docs, tokens', ['mct_', 'mcr_'], 'url', 30],
    ['nostr.secret-key', 'Nostr secret key', 'NIP-19: nsec1 and 58 letters of bech32', ['nsec1'], 'lower', 58],
    ['dingtalk.secret', 'DingTalk robot signing secret', 'DingTalk docs, custom robots', ['SEC'], 'hex', 64],
  ]),
]
