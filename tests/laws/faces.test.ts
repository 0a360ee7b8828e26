import { describe, expect, it } from 'vitest'
import { facelessRooms } from './faces.ts'
import { files } from './tree.ts'

describe('every room has a face that says what it is for', () => {
  it('holds in the tree', () => {
    expect(facelessRooms(files((path) => path.startsWith('src/')))).toEqual([])
  })

  it('sees a room without a face', () => {
    expect(facelessRooms([{ path: 'src/weather/rain.ts', text: '' }])).toEqual(['src/weather has no index.ts'])
  })

  it('sees a face that says nothing', () => {
    const text = "export { rain } from './rain.ts'\n"
    expect(facelessRooms([{ path: 'src/weather/index.ts', text }])).toEqual([
      'src/weather/index.ts does not open with what the room is for',
    ])
    expect(facelessRooms([{ path: 'src/weather/index.ts', text: `/**\n * Rain.\n */\n${text}` }])).toEqual([])
  })
})
