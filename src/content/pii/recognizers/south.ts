import { digitsOf, isDay, luhn, numbersAt, weighted } from '../checksum.ts'
import { bare, type Recognizer } from '../recognizer.ts'

/** Australia, New Zealand, South America and Africa. */
export const south: readonly Recognizer[] = [
  {
    type: 'au-tfn',
    title: 'Tax file number, Australia',
    source: 'Australian Taxation Office: weights 1 4 3 7 5 8 6 9 10, modulus 11',
    shape: /[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{3}-[0-9]{3}-[0-9]{3}/,
    accept: (value) => weighted(digitsOf(value), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && new Set(bare(value)).size > 1,
    alone: 'possible',
    beside: { words: ['tfn', 'tax file'], certainty: 'certain' },
    examples: { found: ['TFN «876 543 210»', 'tax file number «123456782»'], passed: ['TFN 876 543 211'] },
  },
  {
    type: 'au-abn',
    title: 'Australian business number',
    source: 'Australian Business Register, Format of the ABN: modulus 89',
    shape: /[1-9][0-9]{10}|[1-9][0-9] [0-9]{3} [0-9]{3} [0-9]{3}/,
    accept(value) {
      const [first, ...rest] = digitsOf(value)
      return weighted([first! - 1, ...rest], [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 === 0
    },
    alone: (value) => (value.includes(' ') ? 'certain' : 'likely'),
    beside: { words: ['abn', 'business number'], certainty: 'certain' },
    examples: { found: ['ABN «51 824 753 556»', '«51824753556»'], passed: ['51 824 753 557'] },
  },
  {
    type: 'au-acn',
    title: 'Australian company number',
    source: 'ASIC, Australian Company Number digit check',
    shape: /[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3}/,
    accept(value) {
      const digits = digitsOf(value)
      return (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digits[8] && new Set(digits).size > 1
    },
    alone: 'possible',
    beside: { words: ['acn', 'company number'], certainty: 'certain' },
    examples: { found: ['ACN «006 249 976»'], passed: ['ACN 006 249 977'] },
  },
  {
    type: 'au-medicare',
    title: 'Medicare number, Australia',
    source: 'Services Australia; weights 1 3 7 9 1 3 7 9, modulus 10',
    shape: /[2-6][0-9]{9,10}|[2-6][0-9]{3} [0-9]{5} [0-9](?:[ \/-][0-9])?/,
    accept(value) {
      const digits = digitsOf(value)
      return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digits[8]
    },
    alone: (value) => (value.includes(' ') ? 'likely' : 'possible'),
    beside: { words: ['medicare'], certainty: 'certain' },
    examples: { found: ['Medicare «2123 45670 1»', 'medicare card «2123456701»'], passed: ['medicare 2123 25870 1'] },
  },
  {
    type: 'nz-ird',
    title: 'IRD number, New Zealand',
    source: 'Inland Revenue, Resident Withholding Tax specification: modulus 11 with a second set of weights',
    shape: /[0-9]{2,3}-[0-9]{3}-[0-9]{3}|[0-9]{8,9}/,
    accept: isIrd,
    alone: 'possible',
    beside: { words: ['ird', 'inland revenue'], certainty: 'certain' },
    examples: { found: ['IRD number «49-091-850»', 'IRD «35901981»'], passed: ['IRD 49-091-851'] },
  },
  {
    type: 'br-cpf',
    title: 'Cadastro de pessoas físicas, Brazil',
    source: 'Receita Federal: two check digits modulus 11',
    shape: /[0-9]{3}(?:[0-9]{8}|\.[0-9]{3}\.[0-9]{3}-[0-9]{2})/,
    accept: isCpf,
    alone: (value) => (value.includes('.') ? 'certain' : 'possible'),
    beside: { words: ['cpf'], certainty: 'certain' },
    examples: {
      found: ['CPF «529.982.247-25»', 'cpf «52998224725»'],
      passed: ['529.982.247-26', 'CPF 111.111.111-11'],
    },
  },
  {
    type: 'br-cnpj',
    title: 'Cadastro nacional da pessoa jurídica, Brazil',
    source: 'Receita Federal: two check digits modulus 11',
    shape: /[0-9]{2}\.[0-9]{3}\.[0-9]{3}\/[0-9]{4}-[0-9]{2}/,
    accept(value) {
      const digits = digitsOf(value)
      const check = (weights: number[]): number => {
        const rest = weighted(digits, weights) % 11
        return rest < 2 ? 0 : 11 - rest
      }
      const weights = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
      return check(weights) === digits[12] && check([6, ...weights]) === digits[13]
    },
    alone: 'certain',
    examples: { found: ['CNPJ «11.222.333/0001-81»'], passed: ['11.222.333/0001-82'] },
  },
  {
    type: 'cl-rut',
    title: 'Rol único tributario, Chile',
    source: 'Servicio de Impuestos Internos: modulus 11, K for ten',
    shape: /[1-9][0-9]?\.[0-9]{3}\.[0-9]{3}-[0-9Kk]|[1-9][0-9]{6,7}-[0-9Kk]/,
    accept(value) {
      const digits = digitsOf(value.slice(0, -1)).reverse()
      const rest = 11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 2, 3]) % 11)
      return (rest === 11 ? '0' : rest === 10 ? 'K' : String(rest)) === value.at(-1)!.toUpperCase()
    },
    alone: (value) => (value.includes('.') ? 'certain' : 'possible'),
    beside: { words: ['rut', 'run', 'rol'], certainty: 'certain' },
    examples: { found: ['RUT «12.345.678-5»', 'rut «12345678-5»'], passed: ['12.345.678-6'] },
  },
  {
    type: 'ar-cuit',
    title: 'CUIT and CUIL, Argentina',
    source: 'AFIP: weights 5 4 3 2 7 6 5 4 3 2, modulus 11',
    shape: /(?:2[03478]|3[034])-?[0-9]{8}-?[0-9]/,
    accept(value) {
      const digits = digitsOf(value)
      return (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digits[10]
    },
    alone: (value) => (value.includes('-') ? 'likely' : 'possible'),
    beside: { words: ['cuit', 'cuil'], certainty: 'certain' },
    examples: { found: ['CUIT «20-12345678-6»'], passed: ['20-12345678-7'] },
  },
  {
    type: 'za-id',
    title: 'Identity number, South Africa',
    source: 'Department of Home Affairs: birthday, sex, citizenship 0, 1 or 2, Luhn',
    shape: /[0-9]{10}[012][0-9]{2}/,
    accept(value) {
      const [year, month, day] = numbersAt(value, [0, 2, 4, 6])
      return luhn(value) && isDay(year!, month!, day!)
    },
    alone: 'possible',
    beside: {
      words: ['id number', 'rsa id', 'sa id', 'south african', 'resident', 'refugee', 'identity number'],
      certainty: 'certain',
    },
    examples: { found: ['RSA ID: «8001015009087»'], passed: ['RSA ID 8001015009086', 'RSA ID 8013015009087'] },
  },
  {
    type: 'ng-nin',
    title: 'National identification number, Nigeria',
    source: 'National Identity Management Commission: eleven digits, Verhoeff is not published for it',
    shape: /[1-9][0-9]{10}/,
    alone: 'possible',
    beside: { words: ['nin', 'nimc'], certainty: 'likely' },
    examples: { found: ['NIN «12345678901»'], passed: ['NIN 123456789012'] },
  },
]

function isCpf(value: string): boolean {
  const digits = digitsOf(value)
  const first = ((weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10
  const second = ((weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10
  return first === digits[9] && second === digits[10] && new Set(digits).size > 1
}

function isIrd(value: string): boolean {
  const digits = digitsOf(bare(value).padStart(9, '0'))
  const number = Number(bare(value))
  if (number < 10_000_000 || number > 150_000_000) return false
  const rest = (weights: number[]): number => (11 - (weighted(digits, weights) % 11)) % 11
  const first = rest([3, 2, 7, 6, 5, 4, 3, 2])
  return (first === 10 ? rest([7, 4, 3, 2, 5, 2, 7, 6]) : first) === digits[8]
}
