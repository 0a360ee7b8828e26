import { describe, expect, it } from 'vitest'
import { forbiddenEdges } from './layers.ts'
import { files } from './tree.ts'

const edge = (path: string, from: string): string[] => forbiddenEdges([{ path, text: `import { a } from '${from}'\n` }])

describe('rooms import downwards only', () => {
  it('holds in the tree', () => {
    expect(forbiddenEdges(files((path) => path.startsWith('src/')))).toEqual([])
  })

  it('lets a room use a lower one through its face', () => {
    expect(edge('src/proxy/visit.ts', '../budget/index.ts')).toEqual([])
  })

  it('names an edge that goes up', () => {
    expect(edge('src/budget/claim.ts', '../proxy/index.ts')).toEqual([
      'src/budget/claim.ts → src/proxy/index.ts: imports go down: budget is in layer 2, proxy in layer 3',
    ])
  })

  it('names an edge that goes sideways, also when it carries types only', () => {
    const text = "import type {\n  Entry,\n} from '../auditlog/index.ts'\n"
    expect(forbiddenEdges([{ path: 'src/budget/claim.ts', text }])).toEqual([
      'src/budget/claim.ts → src/auditlog/index.ts: ' +
        'budget and auditlog are both in layer 2, whose rooms do not know each other',
    ])
  })

  it('sees a dynamic import, a re-export and an import in a type', () => {
    for (const text of [
      "const a = await import('../cli/index.ts')",
      "export * from '../cli/index.ts'",
      "type A = import('../cli/index.ts').A",
    ]) {
      expect(forbiddenEdges([{ path: 'src/proof/pulse.ts', text }])).toHaveLength(1)
    }
  })

  it('names an edge past the face of a room', () => {
    expect(edge('src/proxy/visit.ts', '../budget/claim.ts')).toEqual([
      'src/proxy/visit.ts → src/budget/claim.ts: only src/budget/index.ts may be imported from another room',
    ])
  })

  it('keeps the parts of the proxy room apart', () => {
    expect(edge('src/proxy/model/slot.ts', '../egress/index.ts')).toEqual([
      'src/proxy/model/slot.ts → src/proxy/egress/index.ts: proxy/model and proxy/egress do not know each other',
    ])
    expect(edge('src/proxy/model/slot.ts', '../visit.ts')).toEqual([])
  })

  it('lets others load a part of the content room alone, by its face', () => {
    expect(edge('src/posture/plaintext-settings.ts', '../content/secrets/index.ts')).toEqual([])
    expect(edge('src/posture/plaintext-settings.ts', '../content/secrets/find.ts')).toHaveLength(1)
    expect(edge('src/content/secrets/find.ts', '../encoding/index.ts')).toHaveLength(1)
  })

  it('lets the wiring, and nobody else, know everyone', () => {
    expect(edge('src/guard/wire.ts', '../sdk/index.ts')).toEqual([])
    expect(edge('src/guard/start.ts', '../sdk/index.ts')).toHaveLength(1)
  })

  it('lets the configuration read every room\'s settings, and nobody else past a face', () => {
    expect(edge('src/config/sections.ts', '../proxy/model/settings.ts')).toEqual([])
    expect(edge('src/guard/wire.ts', '../proxy/model/settings.ts')).toHaveLength(1)
    expect(edge('src/guard/wire.ts', '../proxy/model/index.ts')).toEqual([])
  })

  it('keeps the order of the faces: configuration and control, guard, command line', () => {
    expect(edge('src/guard/start.ts', '../control/index.ts')).toEqual([])
    expect(edge('src/control/server.ts', '../guard/index.ts')).toHaveLength(1)
    expect(edge('src/config/load.ts', '../control/index.ts')).toHaveLength(1)
    expect(edge('src/cli/main.ts', '../guard/index.ts')).toEqual([])
    expect(edge('src/cli/exit-codes.ts', '../proxy/egress/errors.ts')).toEqual([])
    expect(edge('src/cli/exit-codes.ts', '../proxy/egress/tunnel.ts')).toHaveLength(1)
    expect(edge('src/guard/start.ts', '../cli/index.ts')).toHaveLength(1)
  })

  it('asks for a layer for a new room', () => {
    expect(forbiddenEdges([{ path: 'src/weather/index.ts', text: '' }])).toEqual([
      'src/weather/index.ts: room weather has no layer (tests/laws/layers.ts)',
    ])
  })
})
