import { digitsOf, isDay, luhn, numbersAt, remainder, weighted } from '../checksum.ts'
import { bare, type Recognizer } from '../recognizer.ts'

/** The rest of the continent. */
export const europe: readonly Recognizer[] = [
  {
    type: 'fr-nir',
    title: 'Numéro de sécurité sociale, France',
    source: 'INSEE, NIR: key is 97 minus the remainder by 97; Corsica 2A and 2B',
    shape: /[1-478][ ]?[0-9]{2}[ ]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ ]?[0-9][0-9ABab][ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{2}/,
    accept: isNir,
    alone: 'likely',
    beside: { words: ['nir', 'sécurité sociale', 'securite sociale', 'sécu', 'insee'], certainty: 'certain' },
    examples: { found: ['NIR «2 55 08 14 168 025 38»', '«255081416802538»'], passed: ['2 55 08 14 168 025 39'] },
  },
  {
    type: 'es-dni',
    title: 'Documento nacional de identidad, Spain',
    source: 'Ministerio del Interior, cálculo del dígito de control del NIF/NIE',
    shape: /[0-9]{7,8}-?[A-HJ-NP-TV-Za-hj-np-tv-z]/,
    accept: (value) => spanishLetter(value) === value.at(-1)!.toUpperCase(),
    alone: 'likely',
    beside: { words: ['dni', 'nif', 'documento'], certainty: 'certain' },
    examples: { found: ['DNI «12345678Z»', '«55555555-K»'], passed: ['12345678A', '1234567-8'] },
  },
  {
    type: 'es-nie',
    title: 'Número de identidad de extranjero, Spain',
    source: 'Ministerio del Interior, cálculo del dígito de control del NIF/NIE',
    shape: /[XYZxyz]-?[0-9]{7}-?[A-HJ-NP-TV-Za-hj-np-tv-z]/,
    accept: (value) => spanishLetter(value) === value.at(-1)!.toUpperCase(),
    alone: 'certain',
    examples: { found: ['NIE «Z8078221M»', '«Y8063915-Z»'], passed: ['X9613851Q', 'W8063915Q'] },
  },
  {
    type: 'es-passport',
    title: 'Passport, Spain',
    source: 'Ministerio del Interior: three letters and six digits',
    shape: /[A-Za-z]{3}[0-9]{6}/,
    alone: 'possible',
    beside: { words: ['pasaporte', 'passport'], certainty: 'likely' },
    examples: { found: ['Mi pasaporte es «AAA123456»'], passed: ['pasaporte AAAA12345', 'pasaporte AAA12345'] },
  },
  {
    type: 'it-fiscal-code',
    title: 'Codice fiscale, Italy',
    source: 'Agenzia delle Entrate, DM 23/12/1976: check letter from odd and even places',
    shape: /[A-Za-z]{6}[0-9L-NP-Vl-np-v]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9L-NP-Vl-np-v]{2}[A-Za-z][0-9L-NP-Vl-np-v]{3}[A-Za-z]/,
    accept: (value) => fiscalLetter(bare(value)) === bare(value)[15],
    alone: 'certain',
    examples: {
      found: ['CF: «RSSMRA85T10A562S»', '«mrtmtt91d08f205j»'],
      passed: ['RSSMRA85T10A562T', 'RSSMRA85F10A562S'],
    },
  },
  {
    type: 'vat-id',
    title: 'Partita IVA, Italy',
    source: 'Agenzia delle Entrate: eleven digits, Luhn',
    shape: /(?:[Ii][Tt])?[0-9]{11}/,
    accept: (value) => luhn(value) && !/0{7}/.test(value),
    alone: (value) => (/^it/i.test(value) ? 'likely' : 'possible'),
    beside: { words: ['partita iva', 'p.iva', 'p. iva', 'piva', 'vat'], certainty: 'certain' },
    examples: { found: ['P.IVA «01333550323»', '«IT01333550323»'], passed: ['P.IVA 01333550324', 'P.IVA 00000000000'] },
  },
  {
    type: 'it-document',
    title: 'Passport, identity card and driving licence, Italy',
    source: 'Ministero dell’Interno: carta d’identità, passaporto; Motorizzazione: patente',
    shape: /[A-Za-z]{2}[0-9]{7}|[A-Za-z]{2}[0-9]{5}[A-Za-z]{2}|[0-9]{7}[A-Za-z]{2}|[A-Za-z]{2} ?[0-9]{5}|[Uu]1[A-Za-z0-9]{7}[A-Za-z]|[A-Za-z]{2}[0-9]{7}[A-Za-z]/,
    alone: 'possible',
    beside: { words: ['passaporto', 'identità', 'identita', 'patente', 'cie', 'passport'], certainty: 'likely' },
    examples: {
      found: ['carta d’identità «AA12345AA»', 'patente «U1H00B000C»', 'passaporto «AA1234567»'],
      passed: ['patente 990123456B'],
    },
  },
  {
    type: 'pl-pesel',
    title: 'PESEL, Poland',
    source: 'Ustawa o ewidencji ludności, art. 15; gov.pl: Czym jest numer PESEL',
    shape: /[0-9]{11}/,
    accept: isPesel,
    alone: 'possible',
    beside: { words: ['pesel'], certainty: 'certain' },
    examples: {
      found: ['PESEL «44051401359»', 'My pesel is «02070803628»'],
      passed: ['PESEL 44051401358', 'PESEL 44151401359'],
    },
  },
  {
    type: 'fi-hetu',
    title: 'Henkilötunnus, Finland',
    source: 'Digi- ja väestötietovirasto: remainder by 31; century signs of 2023',
    shape: /[0-3][0-9][01][0-9]{3}[-+ABCDEFYXWVUabcdefyxwvu][0-9]{3}[0-9A-Ya-y]/,
    accept: isHetu,
    alone: 'certain',
    examples: { found: ['HETU «131052-308T»', '«010594Y9032»'], passed: ['131052-308U', '131052/308T', '311390-111A'] },
  },
  {
    type: 'se-personnummer',
    title: 'Personnummer, Sweden',
    source: 'Skatteverket, SKV 704: Luhn over ten digits; coordination numbers add 60 to the day',
    shape: /(?:19|20)?[0-9]{2}[01][0-9][0-9]{2}[-+]?[0-9]{4}/,
    accept: isPersonnummer,
    alone: (value) => (/[-+]/.test(value) || value.length === 12 ? 'likely' : 'possible'),
    beside: {
      words: ['personnummer', 'pnr', 'swedish id', 'samordningsnummer', 'personal identity'],
      certainty: 'certain',
    },
    examples: { found: ['personnummer «811218-9876»', '«198112189876»'], passed: ['811218-9877', '811318-9876'] },
  },
  {
    type: 'se-organisationsnummer',
    title: 'Organisationsnummer, Sweden',
    source: 'Skatteverket, SKV 709: third digit at least 2, Luhn',
    shape: /[1-9][0-9][2-9][0-9]{3}-?[0-9]{4}/,
    accept: luhn,
    alone: (value) => (value.includes('-') ? 'likely' : 'possible'),
    beside: {
      words: ['organisationsnummer', 'orgnummer', 'org.nr', 'orgnr', 'company identity', 'organization number'],
      certainty: 'certain',
    },
    examples: { found: ['orgnummer «556703-7485»'], passed: ['orgnummer 556703-7486'] },
  },
  {
    type: 'no-fodselsnummer',
    title: 'Fødselsnummer, Norway',
    source: 'Skatteetaten: two check digits modulus 11; D-numbers add 40 to the day',
    shape: /[0-7][0-9][0-9]{4} ?[0-9]{5}/,
    accept: isFodselsnummer,
    alone: 'possible',
    beside: { words: ['fødselsnummer', 'fodselsnummer', 'personnummer', 'fnr'], certainty: 'certain' },
    examples: { found: ['fødselsnummer «29029900157»'], passed: ['fødselsnummer 29029900158'] },
  },
  {
    type: 'dk-cpr',
    title: 'CPR-nummer, Denmark',
    source: 'CPR-kontoret, Personnummeret i CPR: no check digit since 2007',
    shape: /[0-3][0-9][01][0-9]{3}-[0-9]{4}/,
    accept(value) {
      const [day, month, year] = numbersAt(value, [0, 2, 4, 6])
      return isDay(year!, month!, day!)
    },
    alone: 'possible',
    beside: { words: ['cpr', 'personnummer'], certainty: 'certain' },
    examples: { found: ['CPR «070761-4285»'], passed: ['CPR 321361-4285'] },
  },
  {
    type: 'nl-bsn',
    title: 'Burgerservicenummer, Netherlands',
    source: 'Rijksdienst voor Identiteitsgegevens, Logisch Ontwerp BSN: elfproef',
    shape: /[0-9]{9}/,
    accept: (value) => weighted(digitsOf(value), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && new Set(value).size > 1,
    alone: 'possible',
    beside: { words: ['bsn', 'burgerservicenummer', 'sofinummer'], certainty: 'certain' },
    examples: { found: ['BSN «111222333»'], passed: ['BSN 111222334', 'BSN 000000000'] },
  },
  {
    type: 'be-national-number',
    title: 'Rijksregisternummer, Belgium',
    source: 'FOD Binnenlandse Zaken: 97 minus the remainder by 97, a 2 in front for births since 2000',
    shape: /[0-9]{2}(?:[0-9]{9}|\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2})/,
    accept(value) {
      const digits = bare(value)
      const check = Number(digits.slice(9))
      return ['', '2'].some((century) => 97 - remainder(century + digits.slice(0, 9), 97) === check)
    },
    alone: (value) => (value.includes('.') ? 'certain' : 'possible'),
    beside: { words: ['rijksregister', 'registre national', 'national number', 'insz', 'niss'], certainty: 'certain' },
    examples: { found: ['«93.05.18-223.61»', 'INSZ «93051822361»'], passed: ['93.05.18-223.62'] },
  },
  {
    type: 'pt-nif',
    title: 'Número de identificação fiscal, Portugal',
    source: 'Autoridade Tributária: modulus 11',
    shape: /[1-35689][0-9]{8}/,
    accept(value) {
      const digits = digitsOf(value)
      const rest = 11 - (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)
      return (rest > 9 ? 0 : rest) === digits[8]
    },
    alone: 'possible',
    beside: { words: ['nif', 'contribuinte', 'identificação fiscal'], certainty: 'certain' },
    examples: { found: ['NIF «123456789»'], passed: ['NIF 123456788'] },
  },
]

function isNir(value: string): boolean {
  const number = bare(value).replace('2A', '19').replace('2B', '18')
  return /^[0-9]{15}$/.test(number) && 97 - remainder(number.slice(0, 13), 97) === Number(number.slice(13))
}

function spanishLetter(value: string): string {
  const number = bare(value).slice(0, -1).replace('X', '0').replace('Y', '1').replace('Z', '2')
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23]!
}

/** Letters at odd places count by this table, those at even places by their own number. */
const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

function fiscalLetter(code: string): string {
  const sum = Array.from(code.slice(0, 15)).reduce((total, letter, i) => {
    const value = /[0-9]/.test(letter) ? Number(letter) : letter.charCodeAt(0) - 65
    return total + (i % 2 === 0 ? oddValues[value]! : value)
  }, 0)
  return String.fromCharCode(65 + (sum % 26))
}

function isPesel(value: string): boolean {
  const digits = digitsOf(value)
  const [year, month, day] = numbersAt(value, [0, 2, 4, 6])
  // The century is in the month: 80, 0, 20, 40 or 60 are added.
  const check = (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10
  return check === digits[10] && isDay(year!, month! % 20, day!)
}

function isHetu(value: string): boolean {
  const [day, month, year] = numbersAt(value, [0, 2, 4, 6])
  const check = '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(value.slice(0, 6) + value.slice(7, 10)) % 31]
  return check === value[10]!.toUpperCase() && isDay(year!, month!, day!)
}

function isPersonnummer(value: string): boolean {
  const number = bare(value).slice(-10)
  const [year, month, day] = numbersAt(number, [0, 2, 4, 6])
  return luhn(number) && isDay(year!, month!, day! > 60 ? day! - 60 : day!)
}

function isFodselsnummer(value: string): boolean {
  const digits = digitsOf(value)
  const [day, month, year] = numbersAt(bare(value), [0, 2, 4, 6])
  const first = weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11
  const second = weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11
  return first === 0 && second === 0 && isDay(year!, month!, day! > 40 ? day! - 40 : day!)
}
