/**
 * Letters that are drawn like an ASCII letter and are none. A subset of Unicode's confusables (UTS 39): the capitals
 * and smalls of Cyrillic, Greek, Armenian, Cherokee and the Latin extensions that NFKD leaves alone; look-alikes with
 * a compatibility form (full width, mathematical, circled) are not here, NFKD folds those.
 */
const table =
  'aаɑα bЬƅЪ cсϲⅽᴄ dԁɗ eеєҽε gɡց hһհ iіıɩΙӏ jјϳ kкκᴋ lⅼǀ mмᴍ nոпη oоοօσ pрρ qԛգ rгᴦ sѕꜱ tтτᴛ uυսц vνѵᴠ wѡԝաᴡ ' +
  'xхχ yуүγʏ zᴢ AАΑᎪ BВΒᏴ CСϹᏟ DᎠ EЕΕᎬ GԌᏀ HНΗᎻ IІΙᏆ JЈᎫ KКΚᏦ LᏞ MМΜᎷ NΝ OОΟՕ PРΡᏢ QԚ RᎡ SЅՏᏚ TТΤᎢ UՍ ' +
  'VᏙѴ WԜᎳ XХΧ YҮΥ ZΖᏃ'

const latin = new Map(
  table.split(' ').flatMap(([letter, ...drawnAlike]) => drawnAlike.map((other) => [other, letter!] as const)),
)

/** The ASCII letter a letter is drawn like, or the letter itself. */
export function lookAlike(letter: string): string {
  return latin.get(letter) ?? letter
}

/** The text with every look-alike read as ASCII; each unit stays where it is. */
export function withoutLookAlikes(text: string): string {
  return text.replace(/[\u0250-\uFFFF]/g, lookAlike)
}

/**
 * Words that mix ASCII letters with letters drawn like them. No language writes so; it is done to get past a filter.
 * Units and formulas (`μm`, `Δx`) are too short to count.
 */
export function mixedScriptWords(text: string): { start: number; end: number }[] {
  return [...text.matchAll(/[\p{L}\p{M}]{4,64}/gu)]
    .filter(([word]) => /[A-Za-z]/.test(word) && [...word].some((letter) => latin.has(letter)))
    .map(({ 0: word, index }) => ({ start: index, end: index + word.length }))
}
