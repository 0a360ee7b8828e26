import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNginx, readNginxFiles } from './nginx-config.ts'

const files = {
  '/etc/nginx/nginx.conf': 'events { }\nhttp {\n  include sites/*;\n  # server { listen 1; }\n}\n',
  '/etc/nginx/sites/a': 'server {\n  listen 443 ssl; add_header X "a; {b}" always;\n  location ~ ^/x{2} { proxy_pass http://$up; }\n  if ($host ~ "y") { return 301 https://${host}/; }\n}\n',
}

describe('the configuration of nginx', () => {
  it('has includes where they stand, with file and line', () => {
    const [, http] = parseNginx(files)
    const [server] = http!.children
    expect(server).toMatchObject({ name: 'server', path: '/etc/nginx/sites/a', line: 1, inside: 8 })
    expect(server!.children.map(({ name, args, line }) => [name, args, line])).toEqual([
      ['listen', ['443', 'ssl'], 2],
      ['add_header', ['X', 'a; {b}', 'always'], 2],
      expect.arrayContaining(['location']),
      expect.arrayContaining(['if']),
    ])
  })

  it('is read with all it includes, and not at all without its main file', async () => {
    const names = async (folder: string): Promise<string[]> => (folder === '/etc/nginx/sites' ? ['a'] : [])
    expect(await readNginxFiles({ text: async (path) => (files as Record<string, string>)[path] ?? null, names })).toEqual(files)
    expect(await readNginxFiles({ text: async () => null, names })).toBeNull()
  })

  it('is read however broken it is', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '{', '}', ';', '"', "'", '#', '\n', '$', '\\') }), (text) => {
      expect(Array.isArray(parseNginx({ '/etc/nginx/nginx.conf': text }))).toBe(true)
    }))
  })
})
