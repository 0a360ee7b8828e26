import { digitsOf, isDay, numbersAt, weighted } from '../checksum.ts'
import { bare, type Recognizer } from '../recognizer.ts'

/** The United Kingdom and Ireland. */
export const unitedKingdom: readonly Recognizer[] = [
  {
    type: 'uk-nino',
    title: 'National insurance number, United Kingdom',
    source: 'HM Revenue & Customs, NIM39110: prefixes that are not allocated',
    shape: /[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z](?:[0-9]{6}[A-Da-d]| [0-9]{2} [0-9]{2} [0-9]{2} [A-Da-d]| [0-9]{6} [A-Da-d])/,
    accept: (value) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/i.test(value),
    alone: 'likely',
    beside: { words: ['national insurance', 'nino', 'ni number', 'ni no'], certainty: 'certain' },
    examples: {
      found: ['NI number «AB123456C»', '«AA 12 34 56 B»'],
      passed: ['QQ123456C', 'BG123612A', 'AA 12 34 56 H'],
    },
  },
  {
    type: 'uk-nhs',
    title: 'NHS number, United Kingdom',
    source: 'NHS data dictionary, NHS NUMBER: modulus 11',
    shape: /[0-9]{3}(?:[0-9]{7}|[ -][0-9]{3}[ -][0-9]{4})/,
    accept(value) {
      const digits = digitsOf(value)
      return (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digits[9] && new Set(digits).size > 1
    },
    alone: (value) => (value.includes(' ') ? 'likely' : 'possible'),
    beside: { words: ['nhs', 'health service', 'patient'], certainty: 'certain' },
    examples: {
      found: ['NHS number: «943 476 5919»', 'nhs «9434765919»'],
      passed: ['NHS 943 476 5918', 'nhs 1111111111'],
    },
  },
  {
    type: 'uk-driving-licence',
    title: 'Driving licence, United Kingdom',
    source: 'DVLA, INF45: sixteen characters from name and birthday',
    shape: /[A-Za-z9]{5}[0-9][0156][0-9][0-3][0-9][0-9][A-Za-z9]{2}[A-Za-z0-9][A-Za-z]{2}/,
    accept: isDrivingLicence,
    alone: 'certain',
    examples: {
      found: ['licence «MORGA657054SM9IJ»'],
      passed: ['MORGA697054SM9IJ', 'MORGA657404SM9IJ', '99999657054SM9IJ'],
    },
  },
  {
    type: 'uk-passport',
    title: 'Passport, United Kingdom',
    source: 'HM Passport Office, Passport: nine digits, since 2023 also two letters and seven digits',
    shape: /[A-Za-z]{2}[0-9]{7}|[0-9]{9}/,
    alone: 'possible',
    beside: { words: ['passport', 'travel document', 'hmpo'], certainty: 'likely' },
    examples: { found: ['UK passport «CD7654321»'], passed: ['passport ABC123456', 'passport 1234567AB'] },
  },
  {
    type: 'ie-pps',
    title: 'Personal public service number, Ireland',
    source: 'Revenue, PPSN check character: modulus 23',
    shape: /[0-9]{7}[A-Wa-w][A-IWa-iw]?/,
    accept(value) {
      const extra = value.length === 9 ? 'WABCDEFGHI'.indexOf(value[8]!.toUpperCase()) * 9 : 0
      const sum = weighted(digitsOf(value), [8, 7, 6, 5, 4, 3, 2]) + extra
      return 'WABCDEFGHIJKLMNOPQRSTUV'[sum % 23] === value[7]!.toUpperCase()
    },
    alone: 'possible',
    beside: { words: ['pps', 'ppsn', 'public service number'], certainty: 'certain' },
    examples: { found: ['PPS number «1234567T»', 'PPSN «1234567FA»'], passed: ['PPS 1234567U'] },
  },
]

function isDrivingLicence(value: string): boolean {
  const licence = value.toUpperCase()
  // The name is padded with nines, never made of them, and no letter stands behind one.
  if (!/^[A-Z]{1,5}9{0,4}[0-9]/.test(licence)) return false
  const [decade, month, day, year] = numbersAt(licence, [5, 6, 8, 10, 11])
  // Women's months are written with 50 added.
  return isDay(decade! * 10 + year!, month! > 50 ? month! - 50 : month!, day!) && bare(value) === licence
}
