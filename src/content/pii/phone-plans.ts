import type { PhonePlans } from './recognizer.ts'

/**
 * The numbering plans of libphonenumber. They are a hundred files and take as long to load as all the rest, so they
 * are loaded by whoever wants them.
 */
export async function loadPhonePlans(): Promise<PhonePlans> {
  const { isSupportedCountry, parsePhoneNumberFromString } = await import('libphonenumber-js/min')
  return (number, region) => {
    if (region !== null && !isSupportedCountry(region)) return 'wrong'
    // `extract` would search the text for a number; this is one already, and searching costs.
    const options = region === null ? { extract: false } : { extract: false, defaultCountry: region }
    const parsed = parsePhoneNumberFromString(number, options)
    if (!parsed) return 'wrong'
    return parsed.isValid() ? 'valid' : parsed.isPossible() ? 'possible' : 'wrong'
  }
}
