import { describe, expect, it } from 'vitest'
import { bindFault } from './sandbox-binds.ts'

describe('what is mounted into a sandbox', () => {
  it.each([
    ['/:/host', '/'],
    ['/etc/passwd:/p:ro', '/etc'],
    ['/var:/v', '/var/run'],
    ['/srv/../proc:/p', '/proc'],
    ['//run//docker.sock:/s', '/run'],
    ['/home/ann/.ssh/:/keys', '/home/ann/.ssh'],
    ['/home:/h', '/home/ann/.aws'],
  ])('%s reaches %s', (bind, reaches) => {
    expect(bindFault(bind, '/home/ann')).toEqual({ kind: 'dangerous', reaches })
  })

  it('is told when the source is relative', () => {
    expect(bindFault('data:/data', '/home/ann')).toEqual({ kind: 'relative', reaches: 'data' })
  })

  it.each(['/srv/project:/project:ro', '/home/ann/work:/work', '/etcetera:/e', 'C:\\work:/work'])('%s is harmless', (bind) => {
    expect(bindFault(bind, '/home/ann')).toBeNull()
  })
})
