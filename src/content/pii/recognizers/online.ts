import type { Certainty, Recognizer } from '../recognizer.ts'
import { isBase58Check, isBech32, isEthereum } from '../wallet.ts'

const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?'
const local = "[A-Za-z0-9\\u00c0-\\u024f][A-Za-z0-9\\u00c0-\\u024f.!#$%&'*+\\/=?^_`~-]{0,63}"

/** What stands for a person on a network: mail, addresses of machines, wallets. */
export const online: readonly Recognizer[] = [
  {
    type: 'email',
    title: 'E-mail address',
    source: 'RFC 5321, 4.5.3.1 (lengths); RFC 5322, 3.2.3 (atext); RFC 1035, 2.3.4 (labels)',
    shape: new RegExp(`(?<![A-Za-z0-9\\u00c0-\\u024f.!#$%&'*+_\`~-])${local}@(?:${label}\\.){1,5}(?:[A-Za-z]{2,24}|[Xx][Nn]--[A-Za-z0-9-]{1,59})(?![A-Za-z0-9_@-])`),
    anchor: 'at-sign',
    ownEdges: true,
    accept: isEmail,
    alone: 'certain',
    examples: {
      found: [
        'Write to «jane.doe+news@mail.example.co.uk».',
        '<«user@xn--80ak6aa92e.com»>',
        "mailto:«o'brien@example.ie»",
      ],
      passed: [
        'logo@2x.png',
        'git@github.com:a/b.git',
        'hello-world here',
        'npm i left-pad@1.3.0',
        'a..b@example.com',
        '@user',
      ],
    },
  },
  {
    type: 'email',
    title: 'E-mail address written to escape collectors',
    source: 'en.wikipedia.org/wiki/Address_munging',
    shape: new RegExp(`(?<![A-Za-z0-9.!#$%&'*+_\`~-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63} ?[\\[({<] ?[Aa][Tt] ?[\\])}>] ?[A-Za-z0-9-]{1,63}(?: ?[\\[({<] ?[Dd][Oo][Tt] ?[\\])}>] ?[A-Za-z0-9-]{1,63}|\\.[A-Za-z0-9-]{1,63}){1,4}(?![A-Za-z0-9-])`),
    anchor: 'bracket',
    ownEdges: true,
    alone: 'likely',
    examples: {
      found: ['mail «jane (at) example (dot) com»', '«john.doe[at]example.org»'],
      passed: ['meet (at) noon', 'array [at] index'],
    },
  },
  {
    type: 'ip-address',
    title: 'Internet address, version 4',
    source: 'RFC 791; special ranges: RFC 6890',
    shape: /(?<![A-Za-z0-9:])(?<![A-Za-z0-9]\.)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:\/[0-9]{1,2})?(?![A-Za-z0-9])(?!\.[0-9])/,
    ownEdges: true,
    accept: (value) => ipv4Of(value) !== null,
    alone: ipv4Certainty,
    examples: {
      found: ['client «203.0.113.7» said', '«8.8.8.8/32»'],
      passed: ['256.256.256.256', 'version 1.2.3', 'text192.0.2.1', '1.2.3.4.5'],
    },
  },
  {
    type: 'ip-address',
    title: 'Internet address, version 6',
    source: 'RFC 4291, 2.2',
    shape: /(?<![A-Za-z0-9:.])(?:[0-9A-Fa-f]{1,4}:|:)(?:[0-9A-Fa-f]{0,4}:){1,6}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4})(?:\/[0-9]{1,3})?(?![A-Za-z0-9:])(?!\.[0-9])/,
    ownEdges: true,
    accept: isIpv6,
    alone: (value) => (/^(?:::|fe80|f[cd]|ff)/i.test(value) ? 'possible' : 'likely'),
    examples: {
      found: ['from «2400:c401::5054:ff:fe1b:b031».', '[«2001:db8::1»]:8080', '«64:ff9b::192.0.2.1»'],
      passed: ['12:34:56', 'aa:bb:cc:dd:ee:ff', '2001::db8::1', 'std::vector', '2001:db8::256.1.1.1'],
    },
  },
  {
    type: 'mac-address',
    title: 'Hardware address of a network card',
    source: 'IEEE 802, EUI-48',
    shape: /[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})/,
    anchor: 'hex-pairs',
    accept: (value) => new Set(value.toLowerCase().replace(/[:-]/g, '')).size > 1,
    alone: 'likely',
    beside: { words: ['mac', 'hardware address', 'ethernet'], certainty: 'certain' },
    examples: {
      found: ['MAC «00:1A:2B:3C:4D:5E»', '«0d-B3-4a-6A-d9-cF»', '«AA:BB:CC:DD:EE:FF»'],
      passed: ['FF:FF:FF:FF:FF:FF', '00:1A:2B:3C:4D'],
    },
  },
  {
    type: 'crypto-address',
    title: 'Bitcoin and related addresses, Base58Check',
    source: 'en.bitcoin.it/wiki/Base58Check_encoding',
    shape: /[123mnLDMX9A][1-9A-HJ-NP-Za-km-z]{25,34}/,
    anchor: 'wallet',
    accept: isBase58Check,
    alone: 'certain',
    examples: {
      found: ['send to «1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa»', '«3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy»'],
      passed: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    },
  },
  {
    type: 'crypto-address',
    title: 'Bitcoin addresses, Bech32',
    source: 'BIP 173, BIP 350',
    shape: /(?:[Bb][Cc]1|[Tt][Bb]1|[Ll][Tt][Cc]1)[02-9AC-HJ-NP-Zac-hj-np-z]{11,71}/,
    anchor: 'wallet',
    accept: isBech32,
    alone: 'certain',
    examples: {
      found: ['«bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq»', '«BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4»'],
      passed: ['bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp'],
    },
  },
  {
    type: 'crypto-address',
    title: 'Ethereum addresses',
    source: 'Ethereum yellow paper, 4.1; ERC-55 writes a checksum into the case',
    shape: /0x[0-9A-Fa-f]{40}/,
    anchor: 'wallet',
    accept: isEthereum,
    // Most that stand in texts are programs everybody uses, not somebody's wallet.
    alone: 'possible',
    beside: {
      words: ['wallet', 'my address', 'eth address', 'ethereum address', 'donate', 'donations', 'send to', 'recipient'],
      certainty: 'likely',
    },
    examples: {
      found: ['wallet «0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed»'],
      passed: ['0x0000000000000000000000000000000000000000', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA'],
    },
  },
]

// Endings of file names that mail addresses do not have: `logo@2x.png`.
const fileEndings = new Set(
  'png jpg jpeg gif svg webp avif css js mjs ts json md html yaml yml toml txt pdf service socket timer'.split(' '),
)

function isEmail(value: string): boolean {
  const [name, host] = value.split('@') as [string, string]
  if (name.includes('..') || name.endsWith('.')) return false
  // `git@` is how a repository is addressed, never a person.
  return name !== 'git' && !fileEndings.has(host.slice(host.lastIndexOf('.') + 1).toLowerCase())
}

function ipv4Of(value: string): number[] | null {
  const [address, prefix] = value.split('/') as [string, string?]
  const bytes = address.split('.').map(Number)
  if (Number(prefix ?? 0) > 32 || /(?:^|\.)0[0-9]/.test(address)) return null
  return bytes.every((byte) => byte <= 255) ? bytes : null
}

/** Addresses that every network has say nothing about a person. */
function ipv4Certainty(value: string): Certainty {
  const [a, b] = ipv4Of(value) as [number, number]
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)
  const isSpecial = a === 0 || a === 127 || a >= 224 || (a === 169 && b === 254)
  // `1.2.3.4` and the like are versions more often than hosts.
  return isPrivate || isSpecial || a + b < 8 ? 'possible' : 'likely'
}

function isIpv6(value: string): boolean {
  const [address, prefix] = value.split('/') as [string, string?]
  if (Number(prefix ?? 0) > 128) return false
  const tail = address.slice(address.lastIndexOf(':') + 1)
  if (tail.includes('.') && !ipv4Of(tail)) return false
  const groups = address.split(':').length + (tail.includes('.') ? 1 : 0)
  const gaps = address.split('::').length - 1
  if (address.includes(':::') || gaps > 1) return false
  if (gaps === 0) return groups === 8 && !/^:|:$/.test(address)
  // Without a digit it is more often the `::` of a program.
  return groups <= 8 + 1 && /[0-9]/.test(address) && !(/^:[^:]/.test(address) || /[^:]:$/.test(address))
}
