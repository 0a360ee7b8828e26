import { joined } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { fill, mark } from '../sample.ts'

const begin = '-----BEGIN'
const block = (kind: string, body: string): string => `${begin} ${kind}-----\n${body}\n-----END ${kind}-----`

/** Shapes that belong to no vendor: private keys and signed tokens. */
export const keys: readonly SecretPattern[] = [
  {
    id: 'pem.private-key',
    type: 'private-key',
    title: 'private key in PEM, OpenSSH or PGP armour',
    source: 'RFC 7468, textual encodings; RFC 9580, section 6.2',
    keywords: [begin],
    anywhere: true,
    // 15,500 units: an RSA key of 16,384 bits takes 12,700. Nothing in a body repeats five dashes before its end line.
    shape: joined(
      /-----BEGIN[A-Z0-9 ]{0,40} PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){16,15500}/,
      /-----END[A-Z0-9 ]{0,40} PRIVATE KEY(?: BLOCK)?-----/,
    ),
    examples: {
      found: [
        mark(block('RSA PRIVATE KEY', fill(64, 'base64'))),
        `"key": "${mark(block('PRIVATE KEY', fill(64, 'base64')).replaceAll('\n', '\\n'))}"`,
        mark(block('PGP PRIVATE KEY BLOCK', `Version: 1\n\n${fill(64, 'base64')}`)),
      ],
      passed: [
        block('PUBLIC KEY', fill(64, 'base64')),
        block('CERTIFICATE', fill(64, 'base64')),
        `${begin} PRIVATE KEY-----`,
      ],
    },
  },
  {
    id: 'pem.cut-private-key',
    type: 'private-key',
    title: 'private key whose end is missing',
    source: 'RFC 7468, textual encodings',
    certainty: 'context',
    keywords: [begin],
    anywhere: true,
    shape: /-----BEGIN[A-Z0-9 ]{0,40} PRIVATE KEY(?: BLOCK)?-----[\s\\rn"',+]{0,12}[A-Za-z0-9+\/=]{40,200}/,
    tail: 'A-Za-z0-9+/=\\\\\\r\\n',
    examples: {
      found: [mark(`${begin} EC PRIVATE KEY-----\n${fill(64, 'base64')}\n${fill(64, 'base64')}`)],
      passed: [`${begin} PRIVATE KEY----- goes first`],
    },
  },
  {
    id: 'jwt.signed',
    type: 'jwt',
    title: 'JSON Web Token',
    source: 'RFC 7519; eyJ is {" in base64url',
    keywords: ['eyJ', 'ewogI', 'ey4'],
    shape: /e(?:yJ|wogI|y4)[A-Za-z0-9_-]{12,200}\.e[wy][A-Za-z0-9_-]{8,200}/,
    tail: 'A-Za-z0-9_.=-',
    examples: {
      found: [
        mark(`eyJ${fill(33, 'url')}.eyJ${fill(80, 'url')}.${fill(43, 'url')}`),
        mark(`eyJ${fill(33, 'url')}.eyJ${fill(1200, 'url')}.${fill(342, 'url')}`),
      ],
      passed: ['eyJhbGciOiJub25l', `eyJ${fill(30)}`],
    },
  },
  {
    id: 'jwe.compact',
    type: 'jwt',
    title: 'encrypted JSON Web Token',
    source: 'RFC 7516, compact serialization: five parts',
    keywords: ['eyJ'],
    shape: /eyJ[A-Za-z0-9_-]{12,200}\.[A-Za-z0-9_-]{0,100}\.[A-Za-z0-9_-]{8,100}\.[A-Za-z0-9_-]{8,90}/,
    tail: 'A-Za-z0-9_.=-',
    examples: {
      found: [mark(`eyJ${fill(60, 'url')}..${fill(16, 'url')}.${fill(80, 'url')}.${fill(22, 'url')}`)],
      passed: ['eyJ.a.b.c.d'],
    },
  },
]
