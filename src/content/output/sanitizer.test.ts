import { describe, expect, it } from 'vitest'
import { createCanaryWatch, sealCanary } from '../canary/watch.ts'
import { fill } from '../secrets/sample.ts'
import { evilHtml } from './evil-html.test.samples.ts'
import { OutputSanitizer } from './sanitizer.ts'

describe('OutputSanitizer', () => {
  const sanitizer = new OutputSanitizer()

  it('keeps the tags of the guide and none of their attributes', () => {
    const html = '<p class="x">a <strong onclick="y">b</strong></p><ul><li>c</li></ul><pre><code>d</code></pre>'
    expect(sanitizer.sanitize(html)).toBe('<p>a <strong>b</strong></p><ul><li>c</li></ul><pre><code>d</code></pre>')
  })

  it.each(evilHtml)('leaves nothing that runs of %j', (html) => {
    expect(sanitizer.sanitize(html)).not.toMatch(/<(?!\/?(?:p|br|strong|em|ul|ol|li|code|pre)\b)/)
  })

  it('redacts a secret that a removed tag had cut in two', () => {
    expect(sanitizer.sanitize(`key: ghp_${fill(10)}<b></b>${fill(26)}.`)).toBe('key: [REDACTED_GH_TOKEN].')
  })

  it('lets allowed links go to web addresses only', () => {
    const links = new OutputSanitizer({ allowedTags: ['a'], allowedAttributes: { a: ['href'] } })
    expect(links.sanitize('<a href="https://x.example">x</a>')).toBe('<a href="https://x.example">x</a>')
    expect(links.sanitize('<a href="data:text/html,x">x</a><a href="//x.example">y</a>')).toBe('<a>x</a><a>y</a>')
  })

  it.each(evilHtml)('lets nothing run of %j, links allowed', (html) => {
    const links = new OutputSanitizer({ allowedTags: ['a', 'p'], allowedAttributes: { a: ['href'] } })
    const clean = links.sanitize(html)
    expect(clean).not.toMatch(/<(?!\/?(?:a|p)\b)/)
    const harmless = /^<(?:\/?(?:a|p)|a href="(?:https?:[^"]*|[^":]*)")>$/
    for (const [tag] of clean.matchAll(/<[^>]*>/g)) expect(tag).toMatch(harmless)
  })

  it('takes out of text that stays Markdown what loads by itself, and keeps the rest', () => {
    const markdown = new OutputSanitizer({ html: 'keep', allowedHosts: ['img.example.com'] })
    expect(markdown.sanitize('# A <b>\n![x](https://evil.example/a) ![y](https://img.example.com/b)')).toBe(
      '# A <b>\n![x]([REDACTED_EXFILTRATION_IMAGE]) ![y](https://img.example.com/b)',
    )
  })

  it('lets an allowed image load from allowed hosts only', () => {
    const attributes = { allowedTags: ['img'], allowedAttributes: { img: ['src'] } }
    const images = new OutputSanitizer({ ...attributes, allowedHosts: ['img.example.com'] })
    const good = '<img src="https://img.example.com/a.png" />'
    expect(images.sanitize(good)).toBe(good)
    const bad = '<img src="https://evil.example/a.png">'
    expect(images.sanitize(bad)).toBe('<img src="[REDACTED_EXFILTRATION_IMAGE]" />')
  })

  it('tells of personal data, and takes it out when told', () => {
    const text = 'Mail jane@example.com'
    expect(sanitizer.inspect(text)).toMatchObject({ text, findings: [{ kind: 'personal-data', type: 'email' }] })
    expect(new OutputSanitizer({ pii: 'redact' }).sanitize(text)).toBe('Mail [REDACTED_EMAIL]')
  })

  it('cuts at a canary, also at one that only the tags between its letters hid', () => {
    const canaries = createCanaryWatch([sealCanary('notes', 'tavomike-ridasone-belogipa')])
    const watching = new OutputSanitizer({ canaries })
    expect(watching.sanitize('so tavomike-ridasone-belogipa it is')).toBe('so [REDACTED_CANARY]')
    expect(watching.inspect('so tavo<b></b>mike-rid<i></i>asone-belogipa it is').cut).toBe(true)
  })

  it.each([
    [{ allowedTags: ['p', 'script'] }, 'allowedTags may not hold "script"'],
    [{ allowedTags: ['a'], allowedAttributes: { a: ['onclick'] } }, 'allowedAttributes may not hold "onclick"'],
    [{ allowedAttributes: { '*': ['style'] } }, 'allowedAttributes may not hold "style"'],
    [{ pii: 'mask' }, 'pii is "mask"'],
  ])('refuses %j, with which the list would protect nobody', (options, reason) => {
    const make = (): unknown => new OutputSanitizer(options as never)
    const message: unknown = expect.stringContaining(reason)
    expect(make).toThrow(expect.objectContaining({ code: 'content.bad-options', message }))
  })

  it('refuses an option that does not exist', () => {
    const make = (): unknown => new OutputSanitizer({ tags: [] } as never)
    expect(make).toThrow(expect.objectContaining({ code: 'content.bad-options' }))
  })
})
