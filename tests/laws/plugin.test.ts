import { describe, expect, it } from 'vitest'
import { baggage } from './plugin.ts'
import { file, files } from './tree.ts'

describe('the plugin travels light', () => {
  it('holds in the tree', () => {
    expect(file('plugin/package.json').text).toContain('"name"')
    expect(baggage(files((path) => path.startsWith('plugin/')))).toEqual([])
  })

  it('sees a dependency', () => {
    const manifest = { path: 'plugin/package.json', text: '{ "dependencies": { "ws": "8.0.0" } }' }
    expect(baggage([manifest])).toEqual(['plugin/package.json: depends on ws'])
  })

  it('sees an import from outside', () => {
    const wanted = ['node:fs', 'openclaw/plugin-sdk', '../src/base/index.ts', 'ws']
    const text = wanted.map((from) => `import '${from}'`).join('\n')
    expect(baggage([{ path: 'plugin/index.js', text }])).toEqual([
      'plugin/index.js: imports ../src/base/index.ts',
      'plugin/index.js: imports ws',
    ])
  })
})
