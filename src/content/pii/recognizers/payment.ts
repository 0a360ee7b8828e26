import { luhn, remainder, weighted, digitsOf } from '../checksum.ts'
import { bare, type Certainty, type Recognizer } from '../recognizer.ts'

const cardWords = ['card', 'visa', 'mastercard', 'amex', 'maestro', 'credit', 'debit', 'karte', 'carte', 'tarjeta']

/** Cards, accounts and the routing numbers between them. */
export const payment: readonly Recognizer[] = [
  {
    type: 'credit-card',
    title: 'Payment card number',
    source: 'ISO/IEC 7812-1; issuer ranges: en.wikipedia.org/wiki/Payment_card_number',
    shape: new RegExp(
      [
        '[1-9][0-9]{11,18}',
        '[2-6][0-9]{3}(?: [0-9]{4}){3}(?: [0-9]{3})?',
        '[2-6][0-9]{3}(?:-[0-9]{4}){3}(?:-[0-9]{3})?',
        '[2-6][0-9]{3}(?:\\.[0-9]{4}){3}',
        '3[0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5}', // American Express and Diners print it so
      ].join('|'),
    ),
    cut: (value) => (luhn(value) ? value : value.replace(/[ -][0-9]{3}$/, '')), // a card's security code behind it
    accept: (value) => luhn(value) && new Set(bare(value)).size > 1,
    alone: cardCertainty,
    beside: { words: cardWords, certainty: 'certain' },
    examples: {
      found: [
        'Pay with «4111 1111 1111 1111».',
        'amex «3782-822463-10005»',
        '«5555555555554444»',
        'card: «6011000990139424»',
      ],
      passed: ['4111 1111 1111 1112', '1234567890123456', 'build 20240131123456', '0000 0000 0000 0000'],
    },
  },
  {
    type: 'iban',
    title: 'International bank account number',
    source: 'ISO 13616; SWIFT IBAN registry, release 99',
    shape: /[A-Za-z]{2}[0-9]{2}(?:[A-Za-z0-9]{11,30}|(?: [A-Za-z0-9]{4}){2,7}(?: [A-Za-z0-9]{1,3})?|(?:-[A-Za-z0-9]{4}){2,7}(?:-[A-Za-z0-9]{1,3})?)/,
    cut: ofItsCountry,
    accept: isIban,
    alone: 'certain',
    examples: {
      found: [
        'to «GB82 WEST 1234 5698 7654 32» today',
        '«DE89370400440532013000»',
        '«FR14 2004 1010 0505 0001 3M02 606»',
        '«BE68 5390 0754 7034» paid here',
        'IBAN «NO93 8601 1117 947»',
      ],
      passed: ['GB82 WEST 1234 5698 7654 33', 'ZZ82 WEST 1234 5698 7654 32', 'DE8937040044053201300'],
    },
  },
  {
    type: 'us-routing-number',
    title: 'ABA routing number',
    source: 'American Bankers Association, Routing Number Policy',
    shape: /[0-9]{4}-[0-9]{4}-[0-9]|[0-9]{9}/,
    accept: (value) => isFedDistrict(bare(value)) && weighted(digitsOf(value), [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
    alone: 'possible',
    beside: { words: ['routing', 'aba', 'rtn', 'transit', 'bank'], certainty: 'certain' },
    examples: {
      found: ['routing number «121000358»', 'ABA: «0711-0130-7»'],
      passed: ['routing 121000359', 'routing 421042111'],
    },
  },
  {
    type: 'us-bank-account',
    title: 'Account number of a bank in the United States',
    source: 'NACHA operating rules: up to 17 characters, no check digit',
    shape: /[0-9]{8,17}/,
    alone: 'possible',
    beside: {
      words: [
        'account number',
        'account no',
        'account #',
        'bank account',
        'acct',
        'checking account',
        'savings account',
      ],
      certainty: 'likely',
    },
    examples: { found: ['checking account: «945456787654»'], passed: ['account 1234567', 'acct 123456789012345678'] },
  },
]

/** Who issues cards that begin so, and how long they are. */
const issuers: readonly [RegExp, readonly number[]][] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:30[0-5]|3095|36|3[89])/, [14, 16]], // Diners Club
  [/^(?:6011|64[4-9]|65|622)/, [16, 19]], // Discover, UnionPay with it
  [/^35(?:2[89]|[3-8])/, [16]], // JCB
  [/^62/, [16, 17, 18, 19]], // UnionPay
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  [/^(?:60|81|82|508|353|356)/, [16]], // RuPay
  [/^220[0-4]/, [16]], // Mir
  [/^(?:5019|4571)/, [16]], // Dankort
  [/^9792/, [16]], // Troy
  [/^1/, [15]], // UATP
]

function cardCertainty(value: string): Certainty {
  const digits = bare(value)
  const known = issuers.some(([start, lengths]) => start.test(digits) && lengths.includes(digits.length))
  if (!known) return 'possible'
  // Grouped as on the card nothing else looks like it. In one piece one in ten random numbers has the check digit.
  if (digits.length < value.length) return 'certain'
  return digits.startsWith('1') || digits.length < 14 || digits.length > 16 ? 'possible' : 'likely'
}

function ofItsCountry(value: string): string {
  const length = ibanLengths.get(value.slice(0, 2).toUpperCase()) ?? 0
  let taken = 0
  for (let i = 0; i < value.length; i++) {
    if (/[A-Za-z0-9]/.test(value[i]!)) taken++
    if (taken === length) return /^[A-Za-z0-9]/.test(value.slice(i + 1)) ? value : value.slice(0, i + 1)
  }
  return value
}

function isIban(value: string): boolean {
  const iban = bare(value)
  if (ibanLengths.get(iban.slice(0, 2)) !== iban.length) return false
  return remainder(iban.slice(4) + iban.slice(0, 4), 97) === 1
}

// Country and length, as the registry lists them.
const ibanLengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** Federal Reserve districts 01–12, thrift institutions 21–32, electronic 61–72, traveler's checks 80. */
function isFedDistrict(digits: string): boolean {
  const district = Number(digits.slice(0, 2))
  return district === 80 || [0, 20, 60].some((from) => district > from && district <= from + 12)
}
