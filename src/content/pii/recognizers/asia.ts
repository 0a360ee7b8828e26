import { digitsOf, isDay, luhn, numbersAt, verhoeff, weighted } from '../checksum.ts'
import { bare, type Recognizer } from '../recognizer.ts'

/** India, Korea, China, Japan, South-East Asia, Turkey and Israel. */
export const asia: readonly Recognizer[] = [
  {
    type: 'in-aadhaar',
    title: 'Aadhaar, India',
    source: 'UIDAI, Aadhaar number: Verhoeff, does not begin with 0 or 1',
    shape: /[2-9][0-9]{3}(?:[0-9]{8}|[ :-][0-9]{4}[ :-][0-9]{4})/,
    accept: (value) => verhoeff(value),
    alone: (value) => (value.length > 12 ? 'likely' : 'possible'),
    beside: { words: ['aadhaar', 'aadhar', 'uidai', 'uid'], certainty: 'certain' },
    examples: {
      found: ['Aadhaar «3123-4567-8909»', 'aadhaar number is «400123456787»'],
      passed: ['aadhaar 400123456788', '1234 5678 9012'],
    },
  },
  {
    type: 'in-pan',
    title: 'Permanent account number, India',
    source: 'Income Tax Department: the fourth letter names the kind of holder',
    shape: /[A-Za-z]{3}[ABCFGHJLNPTabcfghjlnpt][A-Za-z][0-9]{4}[A-Za-z]/,
    alone: (value) => (value === value.toUpperCase() ? 'likely' : 'possible'),
    beside: { words: ['pan', 'permanent account'], certainty: 'certain' },
    examples: { found: ['My PAN number is «ABBPM4567S»', '«ABCPD1234Z»'], passed: ['ABCD1234', 'ABCED1234Z'] },
  },
  {
    type: 'in-gstin',
    title: 'Goods and services tax number, India',
    source: 'GSTN, Structure of GSTIN: state code, PAN, entity, Z, check character',
    shape: /(?:0[1-9]|[12][0-9]|3[0-7])[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]/,
    alone: 'likely',
    beside: { words: ['gst', 'gstin'], certainty: 'certain' },
    examples: { found: ['GSTIN «27ABCDE1234F1Z5»'], passed: ['00ABCDE1234F1Z5', '38ABCDE1234F1Z5'] },
  },
  {
    type: 'in-voter',
    title: 'Elector’s photo identity card, India',
    source: 'Election Commission of India: three letters, seven digits',
    shape: /[A-Za-z]{3}[0-9]{7}/,
    alone: 'possible',
    beside: { words: ['voter', 'epic', 'elector', 'vote'], certainty: 'likely' },
    examples: { found: ['my voter id: «DBJ2289013»'], passed: ['voter zxdf8923q1'] },
  },
  {
    type: 'in-passport',
    title: 'Passport, India',
    source: 'Passport Seva: a letter and seven digits, the first not 0',
    shape: /[A-Za-z][1-9][0-9]{6}/,
    alone: 'possible',
    beside: { words: ['passport'], certainty: 'likely' },
    examples: { found: ['my passport number is «T3569075»'], passed: ['passport T356907'] },
  },
  {
    type: 'kr-rrn',
    title: 'Resident registration number, South Korea',
    source: 'Ministry of the Interior and Safety: birthday, century and sex 1 to 4; no check digit since October 2020',
    shape: /[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-?[1-4][0-9]{6}/,
    accept: bornOnADay,
    alone: (value) => (value.includes('-') ? 'likely' : 'possible'),
    beside: { words: ['rrn', 'resident registration', '주민등록번호', '주민번호'], certainty: 'certain' },
    examples: { found: ['RRN «960121-1234567»'], passed: ['960303-0021413', '961321-1234567'] },
  },
  {
    type: 'kr-frn',
    title: 'Foreigner registration number, South Korea',
    source: 'Immigration Act, enforcement rules: as the resident number, with 5 to 8',
    shape: /[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-?[5-8][0-9]{6}/,
    accept: bornOnADay,
    alone: (value) => (value.includes('-') ? 'likely' : 'possible'),
    beside: { words: ['frn', 'foreigner registration', 'alien registration', '외국인등록번호'], certainty: 'certain' },
    examples: { found: ['His FRN is «9111245678906»'], passed: ['FRN 960121-1234567'] },
  },
  {
    type: 'kr-brn',
    title: 'Business registration number, South Korea',
    source: 'National Tax Service: weights 1 3 7 1 3 7 1 3 5',
    shape: /[0-9]{3}-[0-9]{2}-[0-9]{5}/,
    accept(value) {
      const digits = digitsOf(value)
      const sum = weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digits[8]! * 5) / 10)
      return (10 - (sum % 10)) % 10 === digits[9]
    },
    alone: 'likely',
    beside: { words: ['brn', 'business registration', '사업자등록번호'], certainty: 'certain' },
    examples: { found: ['사업자등록번호 «104-86-56659»'], passed: ['104-86-56658'] },
  },
  {
    type: 'kr-passport',
    title: 'Passport, South Korea',
    source: 'Ministry of Foreign Affairs: M, S, R, O or D; since 2021 a letter inside',
    shape: /[MSRODmsrod][0-9]{3}[A-Za-z][0-9]{4}|[MSRODmsrod][0-9]{8}/,
    alone: 'possible',
    beside: { words: ['passport', '여권번호', '여권'], certainty: 'likely' },
    examples: {
      found: ['여권번호는 «M789C1234»', 'passport: «m87654321»'],
      passed: ['passport A123B4567', 'passport M123A456'],
    },
  },
  {
    type: 'kr-driver-license',
    title: 'Driver’s license, South Korea',
    source: 'Korea Road Traffic Authority: region 11–26 or 28, year, number, check',
    shape: /(?:1[1-9]|2[0-68])-[0-9]{2}-[0-9]{6}-[0-9]{2}/,
    alone: 'likely',
    beside: { words: ['면허', 'driver', 'license'], certainty: 'certain' },
    examples: { found: ['«11-22-123456-12»'], passed: ['99-22-123456-12'] },
  },
  {
    type: 'cn-resident-id',
    title: 'Resident identity card, China',
    source: 'GB 11643-1999: ISO 7064 MOD 11-2',
    shape: /[1-8][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]/,
    accept(value) {
      const [year, month, day] = numbersAt(value, [6, 10, 12, 14])
      const sum = weighted(digitsOf(value.slice(0, 17)), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
      return '10X98765432'[sum % 11] === value[17]!.toUpperCase() && isDay(year!, month!, day!)
    },
    alone: 'certain',
    examples: { found: ['身份证 «11010519491231002X»'], passed: ['110105194912310021', '11010519491331002X'] },
  },
  {
    type: 'jp-my-number',
    title: 'Individual number, Japan',
    source: 'Ministry of Internal Affairs and Communications, ordinance 85 of 2014, article 5',
    shape: /[0-9]{12}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}/,
    accept(value) {
      const digits = digitsOf(value)
      const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
      return (rest <= 1 ? 0 : 11 - rest) === digits[11] && new Set(digits).size > 1
    },
    alone: 'possible',
    beside: { words: ['my number', 'individual number', 'マイナンバー', '個人番号'], certainty: 'certain' },
    examples: { found: ['マイナンバー «123456789018»'], passed: ['マイナンバー 123456789019'] },
  },
  {
    type: 'sg-nric',
    title: 'National registration and foreign identity number, Singapore',
    source: 'Immigration & Checkpoints Authority: S, T, F, G and, since 2022, M; modulus 11',
    shape: /[STFGMstfgm][0-9]{7}[A-Za-z]/,
    accept: isNric,
    alone: (value) => (value === value.toUpperCase() ? 'certain' : 'likely'),
    beside: { words: ['nric', 'fin', 'identity'], certainty: 'certain' },
    examples: { found: ['NRIC «S2740116C»', '«F2346401L»'], passed: ['S2740116D', 'A2740116C'] },
  },
  {
    type: 'sg-uen',
    title: 'Unique entity number, Singapore',
    source: 'Accounting and Corporate Regulatory Authority, UEN: three layouts',
    shape: /[0-9]{8}[A-Z]|(?:18|19|20)[0-9]{7}[A-Z]|[TSR][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]/,
    alone: (value) => (/^[TSR]/.test(value) ? 'likely' : 'possible'),
    beside: { words: ['uen', 'entity number'], certainty: 'likely' },
    examples: { found: ['UEN «53125226D»', '«T16RF0037C»'], passed: ['UEN 5312522D'] },
  },
  {
    type: 'th-national-id',
    title: 'Identity card, Thailand',
    source: 'Department of Provincial Administration: modulus 11',
    shape: /[1-8][0-9]{12}|[1-8]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]/,
    accept(value) {
      const digits = digitsOf(value)
      const sum = weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
      return (11 - (sum % 11)) % 10 === digits[12]
    },
    alone: (value) => (value.includes('-') ? 'certain' : 'possible'),
    beside: { words: ['tnin', 'thai', 'national id', 'บัตรประชาชน', 'ประจำตัวประชาชน'], certainty: 'certain' },
    examples: { found: ['TNIN: «1234567890121»'], passed: ['TNIN 1234567890122', 'TNIN 123456789012'] },
  },
  {
    type: 'tr-national-id',
    title: 'Kimlik numarası, Turkey',
    source: 'Nüfus ve Vatandaşlık İşleri: two check digits',
    shape: /[1-9][0-9]{10}/,
    accept(value) {
      const digits = digitsOf(value)
      const tenth = weighted(digits, [7, -1, 7, -1, 7, -1, 7, -1, 7])
      const sum = digits.slice(0, 10).reduce((total, digit) => total + digit, 0)
      return ((tenth % 10) + 10) % 10 === digits[9] && sum % 10 === digits[10]
    },
    alone: 'likely',
    beside: { words: ['kimlik', 'tckn', 't.c.', 'tc no', 'tc kimlik'], certainty: 'certain' },
    examples: { found: ['TC Kimlik No: «10000000146»'], passed: ['10000000145', '02531814694'] },
  },
  {
    type: 'il-national-id',
    title: 'Mispar zehut, Israel',
    source: 'Population and Immigration Authority: nine digits, Luhn',
    shape: /[0-9]{9}/,
    accept: (value) => luhn(value) && new Set(value).size > 1,
    alone: 'possible',
    beside: { words: ['teudat zehut', 'israeli id', 'תעודת זהות', 'ת.ז'], certainty: 'certain' },
    examples: { found: ['teudat zehut «123456782»'], passed: ['teudat zehut 123456789'] },
  },
  {
    type: 'hk-id',
    title: 'Identity card, Hong Kong',
    source: 'Immigration Department: letters, six digits, check digit in brackets; modulus 11',
    shape: /[A-Z]{1,2}[0-9]{6}\([0-9A]\)/,
    accept(value) {
      const padded = bare(value).padStart(9)
      const letters = Array.from(padded.slice(0, 2), (letter) => (letter === ' ' ? 36 : Number.parseInt(letter, 36)))
      return checksInHongKong([...letters, ...digitsOf(padded.slice(2, 8))], padded[8]!)
    },
    alone: 'certain',
    examples: { found: ['HKID «A123456(3)»'], passed: ['A123456(4)'] },
  },
  {
    type: 'ph-tin',
    title: 'Taxpayer identification number, Philippines',
    source: 'Bureau of Internal Revenue: nine or twelve digits in threes',
    shape: /[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3,5})?|[0-9]{9}(?:[0-9]{3})?/,
    alone: 'possible',
    beside: { words: ['tin', 'bir', 'taxpayer'], certainty: 'likely' },
    examples: { found: ['TIN «000-123-456»', 'BIR TIN: «000123456000»'], passed: ['TIN 000-12-3456'] },
  },
]

function checksInHongKong(values: readonly number[], check: string): boolean {
  const sum = weighted(values, [9, 8, 7, 6, 5, 4, 3, 2]) + (check === 'A' ? 10 : Number(check))
  return sum % 11 === 0
}

function bornOnADay(value: string): boolean {
  const [year, month, day] = numbersAt(bare(value), [0, 2, 4, 6])
  return isDay(year!, month!, day!)
}

function isNric(value: string): boolean {
  const nric = bare(value)
  const start = nric[0]!
  const sum = weighted(digitsOf(nric), [2, 7, 6, 5, 4, 3, 2]) + (/[TG]/.test(start) ? 4 : start === 'M' ? 3 : 0)
  if (start === 'M') return 'KLJNPQRTUWX'[10 - (sum % 11)] === nric[8]
  return (/[ST]/.test(start) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[sum % 11] === nric[8]
}
