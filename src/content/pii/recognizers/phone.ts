import { bare, type Certainty, type Hints, type Recognizer } from '../recognizer.ts'

const extension = '(?: ?(?:[xX]|[eE][xX][tT]\\.?|#) ?[0-9]{1,6})?'
const words = [
  ...['phone', 'telephone', 'phone number', 'my number', 'tel', 'tel.', 'mobile', 'mob', 'cell', 'hotline', 'fax', 'sms'],
  ...['call', 'call me', 'text me', 'dial', 'ring', 'reach', 'contact', 'whatsapp'],
  ...['telefon', 'telefonnummer', 'rufnummer', 'tel.nr', 'handy', 'mobil'],
  ...['telefono', 'teléfono', 'telefone', 'móvil', 'téléphone', 'portable', 'telefonum'],
]

/** Telephone numbers: candidates by shape, then the numbering plans of the countries where the caller brings them. */
export const phone: readonly Recognizer[] = [
  {
    type: 'phone',
    title: 'Telephone number with its country code',
    source: 'ITU-T E.164; numbering plans of libphonenumber',
    shape: new RegExp(`(?<![A-Za-z0-9+])(?:\\+ ?|00 ?)[1-9](?:[ ().\\/-]{0,2}[0-9]){6,14}${extension}(?![A-Za-z0-9])`),
    ownEdges: true,
    cut: validStart,
    alone: internationalCertainty,
    beside: { words, certainty: 'certain' },
    examples: {
      found: ['call «+44 20 7946 0958» now', '«+1 (415) 555-2671 x123»', '«00 49 30 1234567»'],
      passed: ['+1 2 3', '1+12345678'],
    },
  },
  {
    type: 'phone',
    title: 'Telephone number in North America',
    source: 'North American Numbering Plan: area and exchange begin with 2 to 9; examples take 123 for an exchange',
    shape: new RegExp(`(?<![A-Za-z0-9+])(?<![0-9][.-])(?:(?:1|001|\\+1)[ .-]?)?(?:\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}[ .-])[0-9]{3}[ .-][0-9]{4}${extension}(?![A-Za-z0-9])(?![-.][0-9])`),
    ownEdges: true,
    alone: northAmericanCertainty,
    beside: { words, certainty: 'certain' },
    examples: {
      found: ['«(415) 555-0132»', 'fax «1-800-356-9377»', '«986.291.2294x751»'],
      passed: ['115-555-0132', '415-055-0132', '12-415-555-0132'],
    },
  },
  {
    type: 'phone',
    title: 'Telephone number without its country code',
    source: 'ITU-T E.123; numbering plans of libphonenumber',
    // Every group begins with a sign, so that digits can be grouped in one way only.
    shape: new RegExp(
      `(?<![A-Za-z0-9+])(?<![A-Za-z0-9][.\\/-])(?:\\(0?[1-9][0-9]{0,4}\\)[0-9]{0,9}|[0-9]{1,13})` +
        `(?:[ .\\/-]{1,2}[0-9]{1,8}|[ .\\/-]{0,2}\\([0-9]{1,5}\\)[0-9]{0,8}){0,5}${extension}(?![A-Za-z0-9])(?![-.\\/][0-9])`,
    ),
    ownEdges: true,
    // Fewer than seven digits call nobody without an area, more than fifteen nobody at all (E.164).
    accept: (value) => digitCount(value) >= 7 && digitCount(value) <= 15 && !isDateLike(value),
    alone: nationalCertainty,
    beside: { words, certainty: 'likely' },
    examples: {
      found: ['reach me on «027 896 92 86»', 'Telefon: «030/1234567»', 'tel «0 (532) 1234567»'],
      passed: ['call 12345', 'phone 1234567890123456'],
    },
  },
]

/** Leaves out groups at the end until the plan of the country knows the number: `+49 30 1234567 8 people`. */
function validStart(value: string, { phones }: Hints): string {
  let start = value
  for (let tries = 0; phones && tries < 3; tries++) {
    if (phones(plus(start), null) === 'valid') return start
    const shorter = start.replace(/[ ().\/-]{1,3}[0-9]+$/, '')
    if (shorter === start || digitCount(shorter) < 8) return value
    start = shorter
  }
  return value
}

/** In brackets nothing else looks like it; without them blanks are too common, and exchanges must be real ones. */
function northAmericanCertainty(value: string): Certainty {
  if (value.includes('(')) return 'likely'
  return /[0-9]{3}[.-][2-9][0-9]{2}[.-][0-9]{4}/.test(value) ? 'likely' : 'possible'
}

function internationalCertainty(value: string, { phones }: Hints): Certainty {
  if (!phones) return digitCount(value) >= 8 && countryCode.test(bare(plus(value))) ? 'likely' : 'possible'
  const verdict = phones(plus(value), null)
  return verdict === 'valid' ? 'certain' : verdict === 'possible' ? 'likely' : 'possible'
}

/** Valid where the caller says the text comes from, and written with the 0 that leads out of one's own area. */
function nationalCertainty(value: string, { regions, phones }: Hints): Certainty {
  if (!/^\(?0/.test(value)) return 'possible'
  return regions.some((region) => phones?.(value, region) === 'valid') ? 'likely' : 'possible'
}

function plus(value: string): string {
  return value.replace(/^00 ?/, '+')
}

// ITU-T E.164, list of assigned codes: zones with codes of one and two digits, the rest have three.
const countryCode =
  /^(?:1[2-9]|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69][0-9]|3[578][0-9]|42[0-9]|5[09][0-9]|6[7-9][0-9]|8[0578][0-9]|9[679][0-9])/

function isDateLike(value: string): boolean {
  return /^[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)?[0-9]{2}|^(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}/.test(value)
}

function digitCount(value: string): number {
  return value.replace(/[^0-9]/g, '').length
}
