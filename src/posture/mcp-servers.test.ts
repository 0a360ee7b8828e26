import { describe, expect, it } from 'vitest'
import { mcpServers, unpinnedPackage } from './mcp-servers.ts'

describe('packages a launcher fetches', () => {
  it.each([
    ['npx -y @scope/mcp', '@scope/mcp'],
    ['npx @scope/mcp@latest', '@scope/mcp@latest'],
    ['npx --package mcp@^1.2.0 mcp', 'mcp@^1.2.0'],
    ['/usr/bin/npx.cmd mcp', 'mcp'],
    ['pnpm dlx mcp', 'mcp'],
    ['npm exec -y mcp', 'mcp'],
    ['uvx mcp-server-git', 'mcp-server-git'],
    ['uvx --from git+https://example.com/x mcp', 'git+https://example.com/x'],
    ['pipx run mcp', 'mcp'],
  ])('%s has no exact version', (line, spec) => {
    expect(unpinnedPackage(line.split(' '))).toBe(spec)
  })

  it.each(['npx -y @scope/mcp@1.2.3', 'npx mcp@1.2.3-rc.1', 'npx ./local', 'uvx mcp==1.0.0', 'node /opt/mcp.js', 'mcp-notes', 'npx'])('%s is exact, or no package', (line) => {
    expect(unpinnedPackage(line.split(' '))).toBeNull()
  })

  it('belong to servers that are switched on', () => {
    const value = { mcp: { servers: { a: { command: 'npx', args: ['x', 3] }, b: { enabled: false }, c: 'nonsense', d: { url: 'https://x.example.com' } } } }
    expect(mcpServers({ value }).map(({ name, command }) => [name, command])).toEqual([['a', ['npx', 'x']], ['d', []]])
  })
})
