/** Every digit of the text, other characters left out. */
export function digitsOf(text: string): number[] {
  return Array.from(text.replace(/[^0-9]/g, ''), Number)
}

/** Sum of products; weights that are missing count nothing. */
export function weighted(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (digits[i] ?? 0), 0)
}

/** ISO/IEC 7812-1, annex B. */
export function luhn(text: string): boolean {
  const digits = digitsOf(text).reverse()
  const sum = digits.reduce((total, digit, i) => {
    const doubled = i % 2 === 1 ? digit * 2 : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return digits.length > 1 && sum % 10 === 0
}

/** Remainder of a long decimal number, letters counting A = 10 … Z = 35 as in ISO/IEC 7064. */
export function remainder(text: string, modulus: number): number {
  let rest = 0
  for (const letter of text) {
    const value = Number.parseInt(letter, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % modulus
  }
  return rest
}

/** ISO/IEC 7064, MOD 11,10, check digit last: German tax numbers. */
export function mod11and10(text: string): boolean {
  const digits = digitsOf(text)
  let product = 10
  for (const digit of digits.slice(0, -1)) {
    const sum = (digit + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === digits.at(-1)
}

/** J. Verhoeff, Error Detecting Decimal Codes, 1969: Aadhaar. */
export function verhoeff(text: string): boolean {
  let check = 0
  for (const [i, digit] of digitsOf(text).reverse().entries()) {
    check = verhoeffProduct[check]![verhoeffTurn[i % 8]![digit]!]!
  }
  return check === 0
}

// The dihedral group of order 10.
const verhoeffProduct = rows(
  '0123456789 1234067895 2340178956 3401289567 4012395678 5987604321 6598710432 7659821043 8765932104 9876543210',
)
const verhoeffTurn = rows('0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258')

function rows(text: string): number[][] {
  return text.split(' ').map(digitsOf)
}

/** Is there such a day? Years count from 0 to 99 where the century is not known: the 29th of February is let pass. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  const leap = year < 100 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= days[month - 1]!
}

/** Numbers out of a text by place: `[0, 2, 4]` cuts it at these places and takes what lies between. */
export function numbersAt(text: string, places: readonly number[]): number[] {
  return places.slice(1).map((end, i) => Number(text.slice(places[i], end)))
}
