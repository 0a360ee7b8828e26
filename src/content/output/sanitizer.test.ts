import { describe, expect, it } from 'vitest'
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

  it('refuses an option that does not exist', () => {
    const make = (): unknown => new OutputSanitizer({ tags: [] } as never)
    expect(make).toThrow(expect.objectContaining({ code: 'content.bad-options' }))
  })
})
