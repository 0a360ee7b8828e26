import { describe, expect, it } from 'vitest'
import { createNftables, type Ran, type RunProgram } from './index.ts'

const table = { family: 'inet', name: 'ours' } as const

/** An nft that answers as told, and notes what it was asked. */
function fakeNft(answer: Partial<Ran>): { run: RunProgram; asked: { command: readonly string[]; input: string | undefined }[] } {
  const asked: { command: readonly string[]; input: string | undefined }[] = []
  return { asked, run: async (command, options) => (asked.push({ command, input: options?.input }), { status: 0, out: '', err: '', ...answer }) }
}

describe('nftables', () => {
  it('is shown rules without loading them, and says in words what the kernel lacks', async () => {
    const { run, asked } = fakeNft({})
    expect(await createNftables(run).check('rules')).toBe(null)
    expect(asked).toEqual([{ command: ['nft', '-c', '-f', '-'], input: 'rules' }])
    const lacking = fakeNft({ status: 1, err: 'Error: Could not process rule: No such file or directory' })
    expect(await createNftables(lacking.run).check('rules')).toContain('the kernel lacks this feature')
  })

  it('tells a table that is not there from one that may not be looked at', async () => {
    expect(await createNftables(fakeNft({ status: 1, err: 'Error: No such file or directory' }).run).table(table)).toBe(null)
    const shut = createNftables(fakeNft({ status: 1, err: 'Operation not permitted (you must be root)' }).run)
    await expect(shut.table(table)).rejects.toMatchObject({ code: 'host.command-failed', message: expect.stringContaining('only root') })
  })

  it('reads counters, and what a set holds with and without a time', async () => {
    const counters = JSON.stringify({ nftables: [{ metainfo: {} }, { counter: { name: 'refused_tcp', packets: 2, bytes: 99, handle: 1 } }] })
    expect(await createNftables(fakeNft({ out: counters }).run).counters(table)).toEqual([{ name: 'refused_tcp', packets: 2, bytes: 99 }])
    const set = JSON.stringify({ nftables: [{ set: { name: 's', elem: [7, { elem: { val: 8, timeout: 30, expires: 2 } }, { range: [100, 200] }, { prefix: { addr: '203.0.113.0', len: 24 } }] } }] })
    expect(await createNftables(fakeNft({ out: set }).run).members(table, 's')).toEqual([{ value: '7', leftS: null }, { value: '8', leftS: 2 }, { value: '203.0.113.0/24', leftS: null }])
    expect(await createNftables(fakeNft({ out: JSON.stringify({ nftables: [{ set: { name: 's' } }] }) }).run).members(table, 's')).toEqual([])
  })
})
