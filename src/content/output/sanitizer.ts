import sanitizeHtml from 'sanitize-html'
import { HardshellError } from '../../base/index.ts'
import { onlyKnown } from '../input/options.ts'
import { guideTags, isNeverAllowed } from './html.ts'
import { cutMark, screenOutput, type OutputScreenOptions, type ScreenedOutput } from './screen.ts'

export interface OutputSanitizerOptions extends OutputScreenOptions {
  /** Tags that stay. Default, as in the guide: p br strong em ul ol li code pre. */
  allowedTags?: readonly string[]
  /** Attributes that stay, by tag; `*` is every tag. Default none. Addresses may be http, https or mailto only. */
  allowedAttributes?: Readonly<Record<string, readonly string[]>>
  /** `keep` leaves tags as they are, for text that nobody renders as HTML. Default `allow-list`. */
  html?: 'allow-list' | 'keep'
}

const neverAttributes = /^(?:on.*|style|srcdoc|formaction|action|background|poster|ping|xlink:.*|http-equiv)$/i

/** Makes what an agent wrote fit to be rendered: an allow list of HTML, no secrets, nothing that carries data out. */
export class OutputSanitizer {
  readonly #html: sanitizeHtml.IOptions | null
  readonly #screen: OutputScreenOptions

  /** @throws HardshellError `content.bad-options` for an option that does not exist or allows everything */
  constructor(options: OutputSanitizerOptions = {}) {
    onlyKnown('OutputSanitizer', options, known)
    const attributes = Object.entries(options.allowedAttributes ?? {})
    const tags = options.allowedTags ?? guideTags
    refuse('allowedTags', tags.find(isNeverAllowed))
    const names = attributes.flatMap(([, some]) => some)
    refuse('allowedAttributes', names.find((name) => neverAttributes.test(name) || name.includes('*')))
    refuseUnless('html', options.html, ['allow-list', 'keep'])
    refuseUnless('pii', options.pii, ['off', 'log', 'redact'])
    refuseUnless('exfiltration', options.exfiltration, ['off', 'log', 'redact'])
    this.#screen = options
    const rules: sanitizeHtml.IOptions = {
      allowedTags: [...tags],
      allowedAttributes: Object.fromEntries(attributes.map(([tag, names]) => [tag, [...names]])),
      allowedSchemes: ['http', 'https', 'mailto'],
      allowProtocolRelative: false,
      disallowedTagsMode: 'discard',
    }
    this.#html = options.html === 'keep' ? null : rules
  }

  /**
   * @returns HTML: tags that are not allowed are gone, with the content of scripts and styles; `<`, `>` and `&` of the
   * text are escaped; secrets are replaced as `redactSecrets` does, also those that a removed tag had cut in two;
   * addresses that carry something out, and personal data if so told, are replaced in the same way; behind a canary
   * nothing is left
   */
  sanitize(text: string): string {
    return this.inspect(text).text
  }

  /** `sanitize`, and what was found. */
  inspect(text: string): ScreenedOutput {
    // The canary is looked for as it was written, the rest as it will be shown.
    const [hit] = this.#screen.canaries?.find(text) ?? []
    const whole = hit ? text.slice(0, hit.start) : text
    const screened = screenOutput(this.#html ? sanitizeHtml(whole, this.#html) : whole, this.#screen)
    if (!hit || screened.cut) return screened
    const found = { kind: 'canary' as const, id: hit.id, form: hit.form }
    return { text: screened.text + cutMark, findings: [...screened.findings, found], cut: true }
  }
}

const known: (keyof OutputSanitizerOptions)[] = [
  'allowedTags',
  'allowedAttributes',
  'html',
  'pii',
  'exfiltration',
  'canaries',
  'known',
  'allowedHosts',
  'conversation',
  'least',
  'types',
  'regions',
  'phones',
]

function refuse(option: string, value: string | undefined): void {
  if (value === undefined) return
  throw new HardshellError('content.bad-options', `OutputSanitizer: ${option} may not hold ${JSON.stringify(value)}`, {
    hint: 'leave it out: it would let through what the allow list is there to stop',
  })
}

function refuseUnless(option: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return
  throw new HardshellError('content.bad-options', `OutputSanitizer: ${option} is ${JSON.stringify(value)}`, {
    hint: `it may be ${allowed.join(', ')}`,
  })
}
