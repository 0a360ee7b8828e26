import { describe, expect, it } from 'vitest'
import { parseBinaryPlist, plistText } from './binary-plist.ts'

// Written by plistlib of Python 3.11 (`fmt=FMT_BINARY`).
const sample = Buffer.from(
  'YnBsaXN0MDDXAQIDBAUGBwgNDg8TFBVfEBRFbnZpcm9ubWVudFZhcmlhYmxlc1VMYWJlbFROaWNlXxAQUHJvZ3JhbUFyZ3VtZW50c1lSdW5BdExvYWRdU3RhcnRJbnRlcnZhbFhVc2VyTmFtZdIJCgsMV0FQSV9LRVlUUEFUSFF4WC91c3IvYmluXxATYWkub3BlbmNsYXcuZ2F0ZXdheSM/+AAAAAAAAKMQERJXL2Jpbi9zaFItY2kAZQBjAGgAbwAgAGgA9gBoAGUJEQEsVGNsYXcIFy40OUxWZG1yen+BiqCprbW4y8zPAAAAAAAAAQEAAAAAAAAAFgAAAAAAAAAAAAAAAAAAANQ=',
  'base64',
)

describe('a binary property list', () => {
  it('is read as what was written into it', () => {
    expect(parseBinaryPlist(sample)).toEqual({
      Label: 'ai.openclaw.gateway', UserName: 'claw', RunAtLoad: true, StartInterval: '300', Nice: '1.5',
      ProgramArguments: ['/bin/sh', '-c', 'echo höhe'], EnvironmentVariables: { API_KEY: 'x', PATH: '/usr/bin' },
    })
    expect(plistText(parseBinaryPlist(sample))).toContain('ProgramArguments: /bin/sh -c echo höhe\n')
  })

  it('that is cut or struck anywhere ends in a value or an error, and never runs on', () => {
    for (let end = 0; end < sample.length; end++) expect(() => parseBinaryPlist(sample.subarray(0, end))).toThrow(/property list/)
    for (let at = 8; at < sample.length; at++) {
      for (const value of [0, 0xff, 0x5f, 0xd1]) {
        const struck = Buffer.from(sample)
        struck[at] = value
        expect(['value', 'error']).toContain(outcomeOf(struck))
      }
    }
  })

  it('that names itself, or a few lists again and again, is refused', () => {
    expect(() => parseBinaryPlist(listOf([[0]]))).toThrow('too deep or too large')
    const doubling = Array.from({ length: 30 }, (_, index) => [index + 1, index + 1])
    expect(() => parseBinaryPlist(listOf([...doubling, []]))).toThrow('too deep or too large')
  })
})

function outcomeOf(bytes: Buffer): 'value' | 'error' {
  try {
    return plistText(parseBinaryPlist(bytes)).length >= 0 ? 'value' : 'error'
  } catch {
    return 'error'
  }
}

/** Lists that hold lists, by number. */
function listOf(lists: readonly (readonly number[])[]): Buffer {
  const objects = lists.map((members) => [0xa0 + members.length, ...members])
  const offsets = objects.map((_, index) => 8 + objects.slice(0, index).flat().length)
  const table = 8 + objects.flat().length
  const trailer = Buffer.alloc(32)
  trailer.set([1, 1], 6)
  for (const [index, value] of [objects.length, 0, table].entries()) trailer.writeBigUInt64BE(BigInt(value), 8 + index * 8)
  return Buffer.concat([Buffer.from('bplist00'), Buffer.from([...objects.flat(), ...offsets]), trailer])
}
