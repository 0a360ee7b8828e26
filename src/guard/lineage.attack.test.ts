import { describe, expect, it } from 'vitest'
import { createLineage, originOf } from './lineage.ts'

describe("somebody on the plugin's socket", () => {
  it('cannot make a session that is no sub-agent the child of another, who would then pay for it', () => {
    const lineage = createLineage()
    lineage.spawned('agent:main:main', 'agent:other:main')
    expect(lineage.rootOf('agent:main:main')).toBe('agent:main:main')
  })

  it("cannot book a person's turn on a job's budget", () => {
    const lineage = createLineage()
    lineage.spawned('agent:main:telegram:direct:ana', 'agent:main:cron:nightly:run:1')
    expect(originOf({ sessionKey: 'agent:main:telegram:direct:ana', channel: 'telegram', sender: 'ana' }, lineage).cronJob).toBeNull()
  })
})
