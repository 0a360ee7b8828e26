import { readBase64 } from '../base64.ts'
import { anyOf, joined } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { fill, mark } from '../sample.ts'

const begin = '-----BEGIN'
const block = (kind: string, body: string): string => `${begin} ${kind}-----\n${body}\n-----END ${kind}-----`

// {"alg":"HS256","typ":"JWT"}
const header = ['eyJhbGciOiJIUzI1NiIs', 'InR5cCI6IkpXVCJ9'].join('')

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
    accept: (token) => /^\{[ -~\s]*\}\s*$/.test(readBase64(token.slice(0, token.indexOf('.')))),
    examples: {
      found: [
        mark(`${header}.eyJ${fill(80, 'url')}.${fill(43, 'url')}`),
        mark(`${header}.eyJ${fill(1200, 'url')}.${fill(342, 'url')}`),
      ],
      passed: [header, `${header.slice(0, -3)}.eyJ${fill(80, 'url')}.${fill(43, 'url')}`],
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
  {
    id: 'jwt.encoded',
    type: 'jwt',
    title: 'JSON Web Token in base64',
    source: 'gitleaks rule jwt-base64: ZXlK is eyJ in base64',
    keywords: ['ZXlK'],
    shape: /ZXlK[A-Za-z0-9+\/]{50,256}/,
    tail: 'A-Za-z0-9+/=',
    accept: (text) => /^ey[A-Za-z0-9_-]{12,200}(?:\.|$)/.test(readBase64(text)),
    examples: { found: [mark(`ZXlKaGJHY2lPaUpJVXpJMU5pSXNJblI1Y0NJNklrcFhWQ0o5Lm${fill(120)}`)], passed: ['ZXlK',
      `ZXlK${fill(40)}`] },
  },
  {
    id: 'pem.encoded-private-key',
    type: 'private-key',
    title: 'private key in PEM in base64',
    source: 'RFC 7468, textual encodings: LS0tLS1CRUdJTi is -----BEGIN in base64',
    keywords: ['LS0tLS1CRUdJTi'],
    anywhere: true,
    shape: /LS0tLS1CRUdJTi[A-Za-z0-9+\/]{60,256}/,
    tail: 'A-Za-z0-9+/=\\\\\\r\\n',
    accept: (text) => /^-----BEGIN[A-Z0-9 ]{0,40} PRIVATE KEY/.test(readBase64(text)),
    examples: {
      found: [mark(`LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t${fill(200, 'base64')}`)],
      passed: [`LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t${fill(200, 'base64')}`],
    },
  },
  {
    id: 'putty.private-key',
    type: 'private-key',
    title: 'private part of a PuTTY key file',
    source: 'PuTTY manual, appendix C: PPK file format',
    keywords: ['Private-Lines:'],
    shape: /Private-Lines: [0-9]{1,3}\r?\n(?<secret>(?:[A-Za-z0-9+\/=]{4,64}\r?\n){0,120}[A-Za-z0-9+\/=]{4,64})/,
    tail: 'A-Za-z0-9+/=',
    examples: {
      found: [`Private-Lines: 1\n${mark(fill(64, 'base64'))}`],
      passed: ['Private-Lines: none'],
    },
  },
  {
    id: 'crypt.password-hash',
    type: 'password-hash',
    title: 'hash of a password',
    source: 'crypt(5): bcrypt, MD5, SHA-256, SHA-512, yescrypt; RFC 9106, Argon2; htpasswd(1); Cisco types 8 and 9; Django docs',
    keywords: ['$2a$', '$2b$', '$2y$', '$5$', '$6$', '$argon2', '$1$', '$apr1$', '$y$', '$8$', '$9$', 'pbkdf2_sha256$'],
    anywhere: true,
    shape: anyOf(
      /\$2[aby]\$[0-9]{2}\$[.\/A-Za-z0-9]{53}/,
      /\$5\$(?:rounds=[0-9]{1,9}\$)?[.\/A-Za-z0-9]{1,16}\$[.\/A-Za-z0-9]{43}/,
      /\$6\$(?:rounds=[0-9]{1,9}\$)?[.\/A-Za-z0-9]{1,16}\$[.\/A-Za-z0-9]{86}/,
      /\$(?:apr1|1)\$[.\/A-Za-z0-9]{1,8}\$[.\/A-Za-z0-9]{22}(?![.\/A-Za-z0-9])/,
      /\$y\$[.\/A-Za-z0-9]{1,8}\$[.\/A-Za-z0-9]{1,86}\$[.\/A-Za-z0-9]{43}/,
      /\$[89]\$[.\/A-Za-z0-9]{14}\$[.\/A-Za-z0-9]{43}/,
      /pbkdf2_sha256\$[0-9]{1,8}\$[A-Za-z0-9]{1,64}\$[A-Za-z0-9+\/]{43}=/,
      /\$argon2(?:id|i|d)\$v=[0-9]{1,3}\$[a-z0-9=,]{5,60}\$[A-Za-z0-9+\/]{11,90}\$[A-Za-z0-9+\/]{20,130}/,
    ),
    examples: {
      found: [`admin:${mark(`$apr1$${fill(8)}$${fill(22)}`)}`, mark(`$y$j9T$${fill(22)}$${fill(43)}`),
        mark(`pbkdf2_sha256$600000$${fill(22)}$${fill(43)}=`), mark(`$2b$12$${fill(53)}`), mark(`$6$${fill(16)}$${fill(86)}`),
        mark(`$argon2id$v=19$m=65536,t=3,p=4$${fill(22)}$${fill(43)}`)],
      passed: ['$6$', 'costs $5$ or so', '$2b$12$short'],
    },
  },
  {
    id: 'kerberos.hash',
    type: 'password-hash',
    title: 'Kerberos ticket that can be guessed at',
    source: 'Nosey Parker rule np.krb5.asrep.23.1; hashcat, example hashes 13100 and 18200',
    keywords: ['$krb5asrep$', '$krb5tgs$', '$krb5pa$'],
    anywhere: true,
    shape: /\$krb5(?:asrep|tgs|pa)\$[0-9]{1,2}\$[^\s"'`<>]{64,400}/,
    tail: 'A-Fa-f0-9$',
    examples: {
      found: [mark(`$krb5asrep$23$${fill(32, 'hex')}$${fill(600, 'hex')}`)],
      passed: ['$krb5asrep$23$', 'see $krb5tgs$ in the manual'],
    },
  },
  {
    id: 'ldap.password-hash',
    type: 'password-hash',
    title: 'hash of a password in a directory',
    source: 'RFC 2307, userPassword; OpenLDAP guide, password storage',
    keywords: ['{SSHA', '{SHA}', '{CRYPT}'],
    anywhere: true,
    shape: /\{(?:S?SHA(?:256|384|512)?|CRYPT)\}[A-Za-z0-9+\/.$]{27,160}={0,2}/,
    examples: { found: [`userPassword: ${mark(`{SSHA}${fill(32, 'base64')}`)}`], passed: ['{SHA}', '{SSHA} is salted'] },
  },
]
