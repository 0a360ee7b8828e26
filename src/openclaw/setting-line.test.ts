import { describe, expect, it } from 'vitest'
import { settingLines } from './setting-line.ts'

const text = `// mine
{
  gateway: { mode: 'local',
    bind: 'lan' },
  "channels": {
    telegram: { 'accounts.main': {
      botToken: 'x' } } },
  agents: { list: [ { id: 'a' },
    { id: 'b' } ] },
  bind: 1,
  bind: 2,
}`

describe('where a setting stands', () => {
  const line = settingLines(text)

  it('is the line of its key, in nested maps, lists and keys that hold dots', () => {
    expect(['gateway.bind', 'channels.telegram.accounts.main.botToken', 'agents.list[1].id', 'agents.list.1'].map(line)).toEqual([4, 7, 9, 9])
  })

  it('is the line of the nearest thing above a setting that is absent, and none where nothing is', () => {
    expect(['gateway.auth.token', 'tools.exec', ''].map(line)).toEqual([3, null, null])
  })

  it('is that of the last of several, which wins', () => {
    expect(line('bind')).toBe(11)
  })

  it('is unknown in what is not JSON5', () => {
    expect(settingLines('{ broken')('gateway')).toBeNull()
    expect(settingLines('')('gateway')).toBeNull()
  })
})
