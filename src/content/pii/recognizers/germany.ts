import { digitsOf, isDay, mod11and10, numbersAt, weighted } from '../checksum.ts'
import { bare, type Recognizer } from '../recognizer.ts'

/** Germany, Austria and Switzerland. */
export const germany: readonly Recognizer[] = [
  {
    type: 'de-tax-id',
    title: 'Steuerliche Identifikationsnummer, Germany',
    source: 'Bundeszentralamt für Steuern, Steueridentifikationsnummer; ISO/IEC 7064 MOD 11,10',
    shape: /[1-9][0-9]{10}|[1-9][0-9](?: [0-9]{3}){3}/,
    // One digit of the first ten stands there two or three times; the published sample number has none twice.
    accept: (value) => mod11and10(value) && mostOften(bare(value).slice(0, 10)) <= 3,
    alone: 'possible',
    beside: {
      words: [
        'steuer-id',
        'steuerid',
        'steueridentifikationsnummer',
        'identifikationsnummer',
        'steuer-identifikationsnummer',
        'idnr',
        'tin',
        'tax id',
      ],
      certainty: 'certain',
    },
    examples: {
      found: ['Steuer-ID: «86095742719»', 'Steuer-ID «47 036 892 816»'],
      passed: ['Steuer-ID 86095742718', 'Steuer-ID 02345678901'],
    },
  },
  {
    type: 'de-tax-number',
    title: 'Steuernummer, Germany',
    source: 'ELSTER, Prüfung der Steuer- und Steueridentifikationsnummer: layouts of the states',
    shape: /[0-9]{2,3}\/[0-9]{3,4}\/[0-9]{4,5}|[1-9][0-9]{12}|0[1-9][0-9]{11}/,
    alone: (value) => (value.includes('/') ? 'likely' : 'possible'),
    beside: {
      words: ['steuernummer', 'steuer-nr', 'st.-nr', 'stnr', 'st.nr', 'finanzamt', 'tax number'],
      certainty: 'certain',
    },
    examples: {
      found: ['St.-Nr. «123/456/78901»', 'Steuernummer: «0981508150999»'],
      passed: ['Steuernummer 0081508150001', '2024/01/31'],
    },
  },
  {
    type: 'vat-id',
    title: 'Umsatzsteuer-Identifikationsnummer, Germany',
    source: 'Bundeszentralamt für Steuern, Aufbau der USt-IdNr.',
    shape: /[Dd][Ee](?:[0-9]{9}|[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3})/,
    accept: mod11and10,
    alone: 'likely',
    beside: { words: ['ust', 'vat', 'umsatzsteuer', 'mwst'], certainty: 'certain' },
    examples: { found: ['USt-IdNr.: «DE136695976»', '«DE 136 695 976»'], passed: ['DE136695977', 'DE13669597'] },
  },
  {
    type: 'de-health-insurance',
    title: 'Krankenversichertennummer, Germany',
    source: 'GKV-Spitzenverband, Krankenversichertennummer nach § 290 SGB V',
    shape: /[A-Za-z][0-9]{9}/,
    accept(value) {
      const place = String(bare(value).charCodeAt(0) - 64).padStart(2, '0')
      const digits = digitsOf(place + value.slice(1))
      const sum = digits.slice(0, -1).reduce((total, digit, i) => total + crossSum(digit * (i % 2 === 0 ? 1 : 2)), 0)
      return sum % 10 === digits.at(-1)
    },
    alone: 'likely',
    beside: { words: ['kvnr', 'krankenkasse', 'krankenversicher', 'egk', 'versichertennummer'], certainty: 'certain' },
    examples: { found: ['KVNR: «A123456780»', '«M123456785»'], passed: ['A123456787', 'A1234567890'] },
  },
  {
    type: 'de-social-security',
    title: 'Rentenversicherungsnummer, Germany',
    source: 'Deutsche Rentenversicherung, § 147 SGB VI; VKVV § 4',
    shape: /[0-9]{8}[A-Za-z][0-9]{3}|[0-9]{2} [0-9]{6} [A-Za-z] [0-9]{3}/,
    accept: isPensionNumber,
    alone: 'certain',
    examples: { found: ['RV-Nummer «15070649C103»', '«65 070803 A 019»'], passed: ['15070049C103', '15070649C104'] },
  },
  {
    type: 'de-passport',
    title: 'Reisepass and Personalausweis, Germany',
    source: 'ICAO Doc 9303, check digit over nine characters; Bundesdruckerei: C F G H J K L M N P R T V W X Y Z',
    shape: /[CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz][CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz0-9]{7}[0-9][0-9]?/,
    // With ten characters the last one checks nine, with nine the last one checks eight.
    accept: (value) => /[0-9]{2}/.test(value) && icaoCheck(value.slice(0, -1)) === Number(value.at(-1)),
    alone: 'possible',
    beside: {
      words: ['pass', 'reisepass', 'passnummer', 'passport', 'personalausweis', 'ausweis', 'ausweisnummer', 'id card'],
      certainty: 'likely',
    },
    examples: {
      found: ['Reisepass «C01234565»', 'Ausweis «T220001293»'],
      passed: ['Reisepass 901234567', 'Ausweis T220001294'],
    },
  },
  {
    type: 'de-physician',
    title: 'Lebenslange Arztnummer, Germany',
    source: 'Kassenärztliche Bundesvereinigung, Arztnummern-Richtlinie',
    shape: /[1-9][0-9]{8}/,
    accept(value) {
      const digits = digitsOf(value)
      return (10 - (weighted(digits, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === digits[6]
    },
    alone: 'possible',
    beside: { words: ['lanr', 'arztnummer', 'arzt'], certainty: 'certain' },
    examples: { found: ['Arztnummer «987654401»'], passed: ['Arztnummer 987654501'] },
  },
  {
    type: 'de-driving-licence',
    title: 'Führerschein, Germany',
    source: 'FeV, Anlage 8: authority, number, check character, copy',
    shape: /[A-Za-z][A-Za-z0-9][0-9]{8}[A-Za-z0-9]/,
    alone: 'possible',
    beside: { words: ['führerschein', 'fahrerlaubnis', 'fuehrerschein', 'driving licence'], certainty: 'likely' },
    examples: {
      found: ['Führerschein «BO12345678A»'],
      passed: ['Führerschein BO12345678', 'Führerschein BO12345678AB'],
    },
  },
  {
    type: 'at-social-security',
    title: 'Sozialversicherungsnummer, Austria',
    source: 'Dachverband der Sozialversicherungsträger: modulus 11, birthday behind',
    shape: /[1-9][0-9]{3} ?[0-3][0-9][01][0-9]{3}/,
    accept(value) {
      const digits = digitsOf(value)
      const [day, month, year] = numbersAt(bare(value), [4, 6, 8, 10])
      return weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digits[3] && isDay(year!, month!, day!)
    },
    alone: 'possible',
    beside: { words: ['svnr', 'sozialversicherung', 'sv-nummer', 'versicherungsnummer'], certainty: 'certain' },
    examples: { found: ['SVNR «1237 010180»'], passed: ['SVNR 1238 010180', 'SVNR 1237 014180'] },
  },
  {
    type: 'ch-social-security',
    title: 'AHV-Nummer, Switzerland',
    source: 'Zentrale Ausgleichsstelle, AHV-Nummer: EAN-13 beginning with 756',
    shape: /756(?:[0-9]{10}|\.[0-9]{4}\.[0-9]{4}\.[0-9]{2})/,
    accept: (value) => weighted(digitsOf(value), [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
    alone: (value) => (value.includes('.') ? 'certain' : 'likely'),
    beside: { words: ['ahv', 'avs', 'sozialversicherung'], certainty: 'certain' },
    examples: { found: ['AHV «756.9217.0769.85»', '«7569217076985»'], passed: ['756.9217.0769.86'] },
  },
]

function mostOften(digits: string): number {
  return Math.max(...Array.from(digits, (digit) => digits.split(digit).length - 1))
}

function crossSum(number: number): number {
  return number > 9 ? number - 9 : number
}

function isPensionNumber(value: string): boolean {
  const number = bare(value)
  const [day, month, year] = numbersAt(number, [2, 4, 6, 8])
  const place = String(number.charCodeAt(8) - 64).padStart(2, '0')
  const digits = digitsOf(number.slice(0, 8) + place + number.slice(9))
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
  // No product has more than two digits: 7 × 9 is the largest.
  const sum = weights.reduce((total, weight, i) => total + digitSum(weight * digits[i]!), 0)
  return sum % 10 === digits[12] && isDay(year!, month!, day!)
}

function digitSum(number: number): number {
  return Math.floor(number / 10) + (number % 10)
}

/** ICAO Doc 9303 part 3, 4.9: weights 7, 3, 1, letters from A = 10. */
function icaoCheck(text: string): number {
  return Array.from(text).reduce((sum, letter, i) => sum + Number.parseInt(letter, 36) * [7, 3, 1][i % 3]!, 0) % 10
}
