import { digitsOf, isDay, luhn, numbersAt, weighted } from '../checksum.ts'
import { bare, type Recognizer } from '../recognizer.ts'

/** Canada, Mexico and the United States. */
export const northAmerica: readonly Recognizer[] = [
  {
    type: 'us-ssn',
    title: 'Social security number, United States',
    source: 'Social Security Administration, POMS RM 10201.035: numbers that are not assigned',
    shape: /[0-8][0-9]{2}(?:-[0-9]{2}-| [0-9]{2} |\.[0-9]{2}\.|-?[0-9]{2}-?)[0-9]{4}/,
    accept: isSsn,
    alone: (value) => (/[-.\s][0-9]{2}[-.\s]/.test(value) ? 'likely' : 'possible'),
    beside: { words: ['ssn', 'ssns', 'social security', 'soc sec', 'ss#', 'ssid'], certainty: 'certain' },
    examples: {
      found: ['my ssn is «219-09-9996»', '«219-09-9998» on file', 'Social Security number «219099997»'],
      passed: ['000-12-3456', '666-12-3456', 'ssn 900-12-3456', '219-09-9999', '219-00-9999', '219-09-0000'],
    },
  },
  {
    type: 'us-itin',
    title: 'Individual taxpayer identification number, United States',
    source: 'Internal Revenue Service, IRM 3.21.263: 9nn, with 50–65, 70–88, 90–92, 94–99 in the middle',
    shape: /9[0-9]{2}(?:-|[ ])?(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-2]|9[4-9])(?:-|[ ])?[0-9]{4}/,
    alone: (value) => (/^9..[- ]..[- ]/.test(value) ? 'likely' : 'possible'),
    beside: { words: ['itin', 'taxpayer', 'tax id', 'individual tax'], certainty: 'certain' },
    examples: {
      found: ['ITIN «911-70-1234»', 'itin: «911701234»'],
      passed: ['911-89-1234', '911-93-1234', '811-70-1234'],
    },
  },
  {
    type: 'us-npi',
    title: 'National provider identifier, United States',
    source: 'CMS, NPI check digit: Luhn over 80840 and the number',
    shape: /[12][0-9]{9}|[12][0-9]{3}[ -][0-9]{3}[ -][0-9]{3}/,
    accept: (value) => luhn(`80840${bare(value)}`) && new Set(bare(value)).size > 1,
    alone: 'possible',
    beside: { words: ['npi', 'provider'], certainty: 'certain' },
    examples: { found: ['NPI: «1234567893»'], passed: ['NPI: 1234567894', 'NPI 3234567893'] },
  },
  {
    type: 'us-medicare',
    title: 'Medicare beneficiary identifier, United States',
    source: 'CMS, Understanding the New Medicare Beneficiary Identifier Format',
    shape: /[1-9][AC-HJKMNP-RT-Yac-hjkmnp-rt-y][AC-HJKMNP-RT-Yac-hjkmnp-rt-y0-9][0-9]-?[AC-HJKMNP-RT-Yac-hjkmnp-rt-y][AC-HJKMNP-RT-Yac-hjkmnp-rt-y0-9][0-9]-?[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]{2}[0-9]{2}/,
    alone: 'likely',
    beside: { words: ['medicare', 'mbi', 'beneficiary'], certainty: 'certain' },
    examples: {
      found: ['MBI «1EG4-TE5-MK73»', '«1EG4TE5MK73»'],
      passed: ['1SG4-TE5-MK73', '0EG4-TE5-MK73', '1EG4-TE5-MK7'],
    },
  },
  {
    type: 'us-dea',
    title: 'Drug Enforcement Administration registration, United States',
    source: 'DEA registration number: en.wikipedia.org/wiki/DEA_number',
    shape: /[ABCDEFGHJKLMPRSTUXabcdefghjklmprstux][A-Za-z9][0-9]{7}/,
    accept(value) {
      const digits = digitsOf(value).slice(-7)
      return weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === digits[6] && new Set(digits).size > 1
    },
    alone: 'possible',
    beside: { words: ['dea', 'prescriber', 'registration', 'medical license', 'certificate'], certainty: 'certain' },
    examples: { found: ['DEA «BB1388568»'], passed: ['DEA BB1388569', 'DEA NB1388568'] },
  },
  {
    type: 'us-passport',
    title: 'Passport, United States',
    source: 'U.S. Department of State: nine digits, or a letter and eight digits',
    shape: /[A-Za-z0-9][0-9]{8}/,
    alone: 'possible',
    beside: { words: ['passport', 'travel document'], certainty: 'likely' },
    examples: {
      found: ['my passport is «912803456»', 'passport number: «A12803456»'],
      passed: ['passport 91280345', 'passport AB2803456'],
    },
  },
  {
    type: 'us-driver-license',
    title: "Driver's license, United States",
    source: 'formats by state: ntsi.com/drivers-license-format',
    shape: /[A-Za-z]{1,2}[0-9]{3,12}|[0-9]{7,12}|[A-Za-z][0-9]{3}-[0-9]{4}-[0-9]{4}|[A-Za-z][0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{3}-[0-9]/,
    alone: 'possible',
    beside: {
      words: [
        'driver license',
        "driver's license",
        'drivers license',
        'driving license',
        'driver licence',
        'license number',
        'dl number',
        'dl#',
        'permit',
      ],
      certainty: 'likely',
    },
    examples: {
      found: ["driver's license «H12234567»", 'License number: «481195160»'],
      passed: ['driver license A12', 'license MIT'],
    },
  },
  {
    type: 'ca-sin',
    title: 'Social insurance number, Canada',
    source: 'Employment and Social Development Canada, SIN code of practice: Luhn, none begins with 0 or 8',
    shape: /[1-79][0-9]{2}(?:[0-9]{6}|-[0-9]{3}-[0-9]{3}| [0-9]{3} [0-9]{3})/,
    accept: (value) => luhn(value) && new Set(bare(value)).size > 1,
    alone: (value) => (value.includes('-') ? 'likely' : 'possible'),
    beside: { words: ['sin', 'social insurance', 'assurance sociale', 'nas'], certainty: 'certain' },
    examples: { found: ['SIN «130 692 544»', '«130-692-544»'], passed: ['SIN 130 692 545', 'SIN 046 454 286'] },
  },
  {
    type: 'mx-curp',
    title: 'Clave única de registro de población, Mexico',
    source: 'RENAPO, instructivo normativo para la asignación de la CURP',
    shape: /[A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[A-Z0-9][0-9]/,
    accept: isCurp,
    alone: 'certain',
    examples: { found: ['CURP «HEGG560427MVZRRL04»'], passed: ['HEGG560427MVZRRL05', 'HEGG561327MVZRRL04'] },
  },
]

function isSsn(value: string): boolean {
  const digits = bare(value)
  if (/^(?:000|666|9)|^...00|0000$/.test(digits) || new Set(digits).size === 1) return false
  // Printed on a wallet's sample card in 1938, on a pamphlet in 1940, and by everybody.
  return !['078051120', '219099999', '123456789'].includes(digits)
}

function isCurp(value: string): boolean {
  const letters = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'
  const [year, month, day] = numbersAt(value, [4, 6, 8, 10])
  const sum = Array.from(value.slice(0, 17)).reduce((total, letter, i) => total + letters.indexOf(letter) * (18 - i), 0)
  return isDay(year!, month!, day!) && (10 - (sum % 10)) % 10 === Number(value[17])
}
