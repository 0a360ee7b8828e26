import { anyOf, joined } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { isPlaceholder, looksGenerated, looksLikePassword, readsAsWords } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

// What is called a key in code and data and opens nothing; words that end in "key".
const openKeys = [
  'public', 'cache', 'primary', 'foreign', 'partition', 'sort', 'idempotency', 'row', 'group', 'object', 'storage', 'map',
  'lookup', 'index', 'unique', 'websocket', 's3', 'host', 'hot', 'site', 'query', 'react', 'node', 'block', 'dedupe',
  'hash', 'registry', 'bucket', 'session', 'data', 'issuer', 'ssh', 'gpg', 'pgp', 'match', 'pub', 'mon', 'tur', 'don',
]

/** Secrets as people write them to an assistant, and names too short to be anything elsewhere. */
export const spoken: readonly SecretPattern[] = [
  {
    id: 'spoken.password',
    type: 'password',
    title: 'password in a sentence',
    source: 'Nosey Parker rule np.generic.11; messages of channels, where people hand over passwords',
    certainty: 'generic',
    keywords: [
      'password is', 'password was', 'password to', 'passphrase is', 'passwort ist', 'passwort lautet', 'contraseña es',
      'mot de passe est',
    ],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      anyOf(
        /password(?: (?:is|was)(?: set| reset| changed)?(?: now)?(?: to)?| to)/i,
        /passphrase is|passwort (?:ist|lautet)|contraseña es|mot de passe est/,
      ),
      /:?\s{1,3}["'“„«*`_]{0,3}(?<secret>[^\s"'“”«»,*`<>]{6,100})/,
    ),
    accept: isSaidPassword,
    examples: {
      found: [`The default password is '${mark('Secret123')}'`, `das Passwort ist ${mark('Tr0ub4dor#3')}`,
        `I reset it, the password is now ${mark('hunter+22-Q9')}`],
      passed: ['The password is base64-encoded', 'password is required.', 'the password is at least 8 characters',
        'password is your-password1'],
    },
  },
  {
    id: 'spoken.key',
    type: 'secret',
    title: 'key in a sentence',
    source: 'messages of channels, where people hand over keys; TruffleHog, test of the detector api2cart',
    certainty: 'generic',
    keywords: ['key is ', 'key is:', 'key was ', 'schlüssel ist ', 'clave es '],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      /(?<!public[ _-]?)(?:key (?:is|was)|schlüssel ist|clave es):?\s{1,3}["'“„«*`_]{0,3}/i,
      /(?<secret>[A-Za-z0-9+\/=_.~-]{16,256})/,
    ),
    accept: (text) => looksGenerated(text.replace(/[.]+$/, '')) && !/^[/.]|\/.*\//.test(text),
    examples: {
      found: [`my new API2Cart key is ${sample('', 32, 'hex')}, keep it`, `The key is: \`${sample('', 40, 'url')}\``],
      passed: ['the key is user_settings_panel_2024', 'The primary key is customer-order-item-17', 'the key is /etc/ssl/private/server1/a.key'],
    },
  },
  {
    id: 'short.password',
    type: 'password',
    title: 'value beside pass, pw or a shortened password',
    source: 'CWE-798; CredSweeper, rule Password: the names people give it',
    certainty: 'generic',
    keywords: [
      'pass:', 'pass=', 'pass =', 'pass :', "pass'", 'pass"', 'pw:', 'pw=', 'pw =', 'pw :', "pw'", 'pw"', 'pswd', 'psswd', 'psw=',
    ],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      /(?<![A-Za-z])(?:pass|pw|psswd|pswd|psw)["']?[ \t]{0,4}(?::?={1,2}|=>|:)[ \t]{0,4}\\?["']?/i,
      /(?<secret>[^\s"'`,;<>&|(){}[\]]{7,100})/,
    ),
    accept: isShortNamedPassword,
    examples: {
      found: [`user:master pw:${mark('dipPr12Gg!')}`, `DB_PASS=${mark('n84ASM54y4')}`,
        `"pass": "${mark('xK2#mP9$vL')}"`],
      passed: ['pass: 12, fail: 3', 'bypass: 192.168.1.100', 'openssl -passin pass:$PW', 'pw=300px', 'PASS: test_http2_frames'],
    },
  },
  {
    id: 'shell.single-dash',
    type: 'password',
    title: 'secret behind a flag of one dash',
    source: 'PowerShell docs, parameters; CWE-214',
    certainty: 'generic',
    keywords: ['-password ', '-passphrase ', '-secret ', '-token ', '-apikey ', '-pass '],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      /(?<![\w-])-(?:password|passphrase|secret|token|apikey|pass)[ ]{1,2}["']?/i,
      /(?<secret>[^\s"'`<>|;$-][^\s"'`<>|;]{5,160})/,
    ),
    accept: looksLikePassword,
    examples: {
      found: [`Connect-VIServer vc.lab -User admin -Password ${mark('VMware1!')}`],
      passed: ['Connect-VIServer vc.lab -Password $pw', 'tool -token FILE', 'x -secret name/of-it'],
    },
  },
  {
    id: 'powershell.secure-string',
    type: 'password',
    title: 'plain text made a secure string',
    source: 'PowerShell docs, ConvertTo-SecureString',
    certainty: 'context',
    keywords: ['convertto-securestring'],
    ignoreCase: true,
    shape: joined(
      /convertto-securestring(?:[ ]-[a-z]{1,14}){0,3}[ ]\\?["']?/i,
      /(?<secret>[^\s"'`$\\|()<>-][^\s"'`\\|<>]{5,120})/,
    ),
    accept: (password) => !isPlaceholder(password) && /[^A-Za-z]/.test(password),
    examples: {
      found: [`ConvertTo-SecureString "${mark('4yd21JKH~GE8dkd')}" -AsPlainText -Force`,
        `ConvertTo-SecureString -String ${mark('dsjUE#$gds8s')}`],
      passed: ['ConvertTo-SecureString $password -AsPlainText', 'ConvertTo-SecureString "changeme1"'],
    },
  },
  {
    id: 'assignment.bare-key',
    type: 'secret',
    title: 'generated value assigned to a variable that is called key, or so at its end',
    source: 'CWE-798; gitleaks rule generic-api-key',
    certainty: 'generic',
    keywords: ['key = "', "key = '", 'key="', "key='", 'key := "', 'key: "', "key: '", 'key='],
    ignoreCase: true,
    anywhere: true,
    shape: joined(
      new RegExp(`(?<!(?:${openKeys.join('|')})[_.-]?)key[ \\t]{0,4}:?[=:][ \\t]{0,4}["']?`, 'i'),
      /(?<secret>[A-Za-z0-9_+\/=-]{24,128})(?![A-Za-z0-9_.+\/=@-])/,
    ),
    accept: isBareKey,
    examples: {
      found: [`boostnoteKey := "${sample('', 64, 'hex')}"`, `[DEBUG] Using Key=${sample('', 32)}`],
      passed: [`cacheKey = "${fill(32)}"`, 'key=user_profile_settings_panel_2', `key = "${fill(20)}"`],
    },
  },
]

/** What follows a sentence's "is" is mostly a word, how it is kept, or how long it must be. */
function isSaidPassword(text: string): boolean {
  const password = text.replace(/[.!?:;]+$/, '')
  if (!/[0-9]/.test(password) || !looksLikePassword(password)) return false
  return !/[-_./]/.test(password) || !readsAsWords(password)
}

/** Names so short stand for much else: all the kinds a generator mixes, or enough of them. */
function isShortNamedPassword(value: string): boolean {
  if (!looksLikePassword(value) || !/[0-9]/.test(value) || !/[A-Za-z]{2}/.test(value) || /\.\w{1,4}$|^\d+(?:\.\d+)?[a-z]{1,4}$/.test(value)) {
    return false
  }
  const kinds = [/[a-z]/, /[A-Z]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length
  return (kinds >= 2 || value.length >= 10) && !readsAsWords(value)
}

function isBareKey(value: string): boolean {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/i.test(value) || /^[\/+]|\/.*\//.test(value)) return false
  return looksGenerated(value) && !readsAsWords(value)
}
