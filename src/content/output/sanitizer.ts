import sanitizeHtml from 'sanitize-html'
import { onlyKnown } from '../input/options.ts'
import { redactSecrets } from '../secrets/find.ts'

export interface OutputSanitizerOptions {
  /** Tags that stay. Default, as in the guide: p br strong em ul ol li code pre. */
  allowedTags?: readonly string[]
  /** Attributes that stay, by tag; `*` is every tag. Default none. Addresses may be http, https or mailto only. */
  allowedAttributes?: Readonly<Record<string, readonly string[]>>
}

// OpenClaw security hardening guide, step 6.
const guideTags = ['p', 'br', 'strong', 'em', 'ul', 'ol', 'li', 'code', 'pre']

/** Makes what an agent wrote fit to be rendered: an allow list of HTML, and no secrets. */
export class OutputSanitizer {
  readonly #options: sanitizeHtml.IOptions

  /** @throws HardshellError `content.bad-options` for an option that does not exist */
  constructor(options: OutputSanitizerOptions = {}) {
    onlyKnown('OutputSanitizer', options, ['allowedTags', 'allowedAttributes'])
    const attributes = Object.entries(options.allowedAttributes ?? {})
    this.#options = {
      allowedTags: [...(options.allowedTags ?? guideTags)],
      allowedAttributes: Object.fromEntries(attributes.map(([tag, names]) => [tag, [...names]])),
      allowedSchemes: ['http', 'https', 'mailto'],
      allowProtocolRelative: false,
      disallowedTagsMode: 'discard',
    }
  }

  /**
   * @returns HTML: tags that are not allowed are gone, with the content of scripts and styles; `<`, `>` and `&` of the
   * text are escaped; secrets are replaced as `redactSecrets` does, also those that a removed tag had cut in two
   */
  sanitize(text: string): string {
    return redactSecrets(sanitizeHtml(text, this.#options))
  }
}
