import { describe, expect, it } from 'vitest'
import { createCanaryWatch, sealCanary } from '../canary/watch.ts'
import { fill } from '../secrets/sample.ts'
import { OutputSanitizer } from './sanitizer.ts'

describe('OutputSanitizer', () => {
  const sanitizer = new OutputSanitizer()

  it('keeps the tags of the guide and none of their attributes', () => {
    const html = '<p class="x">a <strong onclick="y">b</strong></p><ul><li>c</li></ul><pre><code>d</code></pre>'
    expect(sanitizer.sanitize(html)).toBe('<p>a <strong>b</strong></p><ul><li>c</li></ul><pre><code>d</code></pre>')
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<a href="javascript:alert(1)">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  ])('leaves nothing that runs of %j', (html) => {
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

  // From the XSS filter evasion sheet of OWASP and the regression tests of browsers' own sanitizers, written anew.
  it.each([
    '<IMG SRC="jav\tascript:alert(1);">',
    '<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="x" onmouseover=alert(1)>x</a>',
    '<a/onclick=alert(1)/href="https://x.example">x</a>',
    '<<a href="https://x.example" onclick="alert(1)">x</a>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<script/src=data:,alert(1)>',
    '<svg/onload=alert(1)>',
    '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
    '<svg><script>alert&#40;1)</script>',
    '<math><a xlink:href="javascript:alert(1)">x</a></math>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea><script>alert(1)</script></textarea>',
    '<title><img src=x onerror=alert(1)></title>',
    '<style>@import "javascript:alert(1)";</style>',
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<form action="javascript:alert(1)"><button>x</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="javascript:alert(1)">',
    '<base href="javascript:alert(1)//">',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<details open ontoggle=alert(1)>',
    '<video><source onerror="alert(1)">',
    '<img src="x` `<script>alert(1)</script>"` `>',
    '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
    '<!--><img src=x onerror=alert(1)>-->',
    '<![CDATA[<img src=x onerror=alert(1)>]]>',
    '<p id="x" onclick\u00a0=alert(1)>x</p>',
    '<template><script>alert(1)</script></template>',
    '<xmp><img src=x onerror=alert(1)></xmp>',
    '<plaintext><img src=x onerror=alert(1)>',
    '<select><style></select><img src=x onerror=alert(1)></style>',
    '<a href="https://x.example" style="behavior:url(x)" target=_blank>x</a>',
  ])('lets nothing run of %j, links allowed', (html) => {
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
