// RFC 1035, section 2.3.4: 63 octets a label, 253 characters a name. The underscore occurs in real names of services.
const nameForm = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/

/**
 * One spelling of a name from the wire, or `null` for what is no name of a host: the root, other characters, an
 * address. A name that ends in a number is read as an address by URL parsers (WHATWG URL, "ends in a number").
 */
export function canonicalName(text: string): string | null {
  const name = text.toLowerCase()
  return nameForm.test(name) && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name) ? name : null
}

/** Is it this domain, or below it? */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`)
}

/** A name for the log. A label that is too long for a word may be data on its way out, and stays out of our files. */
export function shownName(name: string): string {
  // A proof's nonce, 32 digits, has to be found again; what names things is shorter still.
  const shown = name.replaceAll(/[^.]{41,}/g, (label) => `<${label.length} characters>`)
  return shown.length > 120 ? `<${name.length} characters>.${registrable(name)}` : shown
}

/**
 * The domain somebody could own that this name is below: the last two labels, or three where the middle one is such
 * as `co.uk` has. A guess without the public suffix list; it groups questions and decides nothing.
 */
export function registrable(name: string): string {
  const labels = name.split('.')
  const short = labels.length > 2 && labels.at(-1)!.length === 2 && labels.at(-2)!.length <= 3
  return labels.slice(short ? -3 : -2).join('.')
}
