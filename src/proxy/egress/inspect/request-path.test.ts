import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBelow, readPath } from './request-path.ts'

const below = (target: string, ...prefixes: string[]): boolean | string => {
  const path = readPath(target)
  return typeof path === 'string' ? path : isBelow(path, prefixes)
}

describe('a path', () => {
  it.each([
    '/mine', '/mine/', '/mine/a', '/mine/a.b/..c', '/mine?x=/theirs/../', '/mine/a%20b', '/mine/group%2Fproject', '/mine/%E4%BD%A0', '/mine/a;v=1/b', '/mine//a', '/mine/./a', '/mine/b/../a',
  ])('stays below: %s', (target) => {
    expect(below(target, '/mine')).toBe(true)
  })

  it.each([
    '/theirs', '/mineral', '/', '/Mine/a', '/mine/../theirs', '/mine/%2e%2e/theirs', '/mine/%2E./theirs', '/mine/..%2ftheirs', '/mine/..%2Ftheirs', '/mine/%2e%2e%2ftheirs',
    '/mine/%252e%252e/theirs', '/mine/%252e%252e%252ftheirs', '/mine/..;/theirs', '/mine/..;x=1/theirs', '/mine/..%3b/theirs', '/mine/..%5ctheirs', '/mine%2f..%2f..%2ftheirs',
    '/mine/a/../../theirs', '/./theirs', '//theirs', '/mine/..', '/mine%2f..', '/mine/%ef%bc%8e%ef%bc%8e/theirs', '/mine/%EF%BC%8E%EF%BC%8E%EF%BC%8Ftheirs',
  ])('does not, in one reading at least: %s', (target) => {
    expect(below(target, '/mine')).toBe(false)
  })

  it.each([
    ['/mine/%', /encodes nothing/],
    ['/mine/%zz', /encodes nothing/],
    ['/mine/%u002e%u002e/', /encodes nothing/],
    ['/mine/%c0%ae%c0%ae/', /no UTF-8/],
    ['/mine/%00', /control characters/],
    ['/mine/%0d%0aX:y', /control characters/],
    ['/mine/%2525252e', /too often/],
  ])('that nobody can read for sure is refused: %s', (target, reason) => {
    expect(below(target, '/mine')).toMatch(reason)
  })

  it('is judged like this however it is encoded', () => {
    const encoded = fc.constantFrom('.', '%2e', '%2E', '%252e', '%25252e')
    const slash = fc.constantFrom('/', '%2f', '%252F', '%5c', '//', '/./')
    fc.assert(
      fc.property(encoded, encoded, slash, slash, (a, b, first, second) => {
        expect(below(`/mine${first}${a}${b}${second}theirs`, '/mine')).not.toBe(true)
      }),
    )
  })

  it('of the prefix itself may end with a slash or not', () => {
    expect([below('/a', '/a/'), below('/a/', '/a'), below('/a/b', '/a/'), below('/ab', '/a/'), below('/anything', '/')]).toEqual([true, true, true, false, true])
  })
})
