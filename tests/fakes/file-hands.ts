import { chmodSync, chownSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FileHands } from '../../src/backup/restore.ts'

/** Hands for files of a test. @param touch told before each of them changes something; what it throws takes the process away */
export function handsFor(touch: (what: keyof FileHands) => void = () => {}): FileHands {
  const beside = (path: string, neighbour: string): string => join(dirname(path), neighbour)
  return {
    look: async (path) => await Promise.resolve(look(path)),
    place: async (path, neighbour, { bytes, mode, uid, gid }) => {
      touch('place')
      writeFileSync(beside(path, neighbour), bytes, { flag: 'wx' })
      chownSync(beside(path, neighbour), uid, gid)
      chmodSync(beside(path, neighbour), mode)
      await Promise.resolve()
    },
    swap: async (path, neighbour) => {
      touch('swap')
      renameSync(beside(path, neighbour), path)
      await Promise.resolve()
    },
    discard: async (path, neighbour) => {
      touch('discard')
      rmSync(beside(path, neighbour), { force: true })
      await Promise.resolve()
    },
    remove: async (path) => {
      touch('remove')
      rmSync(path, { force: true })
      await Promise.resolve()
    },
  }
}

function look(path: string): Awaited<ReturnType<FileHands['look']>> {
  try {
    const { mode, uid, gid } = lstatSync(path)
    return { kind: 'file', bytes: readFileSync(path), mode: mode & 0o7777, uid, gid }
  } catch {
    return null
  }
}
