import { describe, expect, it } from 'vitest'
import { applyChanges, readJson5 } from '../openclaw/index.ts'
import { nameOf, settingChanges, type Wanted } from './setting-change.ts'

const changed = (value: Record<string, unknown>, wanted: readonly Wanted[]): unknown => readJson5(applyChanges(JSON.stringify(value), settingChanges({ value }, wanted)))

describe('changes of settings', () => {
  it('are none for what is so already', () => {
    expect(settingChanges({ value: { a: { b: [1] } } }, [{ at: ['a', 'b'], to: [1] }])).toEqual([])
  })

  it('make what is missing', () => {
    expect(changed({}, [{ at: ['tools', 'fs', 'workspaceOnly'], to: true }])).toEqual({ tools: { fs: { workspaceOnly: true } } })
  })

  it('replace an array whole, with everything wanted inside it in one change', () => {
    const value = { agents: { list: [{ id: 'a' }, { id: 'b', tools: { exec: { security: 'full' } } }] } }
    const wanted = [
      { at: ['agents', 'list', '1', 'tools', 'exec', 'security'], to: 'deny' },
      { at: ['agents', 'list', '0', 'default'], to: true },
    ]
    expect(settingChanges({ value }, wanted)).toMatchObject([{ at: ['agents', 'list'] }])
    expect(changed(value, wanted)).toEqual({ agents: { list: [{ id: 'a', default: true }, { id: 'b', tools: { exec: { security: 'deny' } } }] } })
  })

  it('take keys of an element out', () => {
    expect(changed({ list: [{ a: 1, b: 2 }] }, [{ at: ['list', '0', 'a'], to: undefined }])).toEqual({ list: [{ b: 2 }] })
  })

  it('are named as a person would write them', () => {
    expect(nameOf(['agents', 'list', '0', 'tools'])).toBe('agents.list[0].tools')
    expect(nameOf(['channels', 'discord', 'guilds', '123'])).toBe('channels.discord.guilds.123')
  })
})
