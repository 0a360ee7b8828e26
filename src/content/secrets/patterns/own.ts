import type { SecretPattern } from '../pattern.ts'
import { fill, sample } from '../sample.ts'

/** What we hand out ourselves: an agent must not be able to show its own key around. */
export const own: readonly SecretPattern[] = [
  {
    id: 'hardshell.virtual-key',
    type: 'hardshell-virtual-key',
    title: 'Hardshell virtual key',
    source: 'Hardshell: the key the gateway holds instead of the provider’s',
    keywords: ['hs_vk_'],
    shape: /hs_vk_[A-Za-z0-9_-]{16,200}/,
    tail: 'A-Za-z0-9_-',
    anywhere: true,
    examples: {
      found: [`authorization: Bearer ${sample('hs_vk_', 43, 'url')}`],
      passed: ['hs_vk_short', `hs_vk ${fill(43)}`],
    },
  },
  {
    id: 'hardshell.token',
    type: 'hardshell-token',
    title: 'Hardshell access token',
    source: 'Hardshell: tokens of the front door and the control API',
    keywords: ['hs_tok_'],
    shape: /hs_tok_[A-Za-z0-9_-]{16,200}/,
    tail: 'A-Za-z0-9_-',
    anywhere: true,
    examples: { found: [`HARDSHELL_TOKEN=${sample('hs_tok_', 43, 'url')}`], passed: ['hs_tok_…', 'hs_token_file'] },
  },
]
