import { chmodSync, existsSync, lchownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeFor } from '../programs.ts'
import type { KeptState } from './run.ts'
import { stateHands, type StateHands } from './state.ts'

// Nobody has this id on a machine that runs tests. Whoever is not root tests with their own.
const owner = process.geteuid?.() === 0 ? { uid: 61_235, gid: 61_235 } : null
let root: string
let state: KeptState
let hands: StateHands
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'hardshell-state-attack-'))
  chmodSync(root, 0o711)
  for (const folder of ['passage', 'guard', 'anna', 'anna/.openclaw']) mkdirSync(join(root, folder), { mode: 0o700 })
  chmodSync(join(root, 'passage'), 0o711)
  state = { live: join(root, 'anna/.openclaw'), kept: join(root, 'guard/kept'), failed: join(root, 'anna/.openclaw.failed'), isOurs: false }
  writeFileSync(join(state.live, 'openclaw.json'), '{ mine: 1 }', { mode: 0o600 })
  give(join(root, 'anna'))
  hands = stateHands({ user: owner, node: await nodeFor(owner !== null, join(root, 'runtime')), passage: join(root, 'passage') })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function give(path: string): void {
  if (owner === null) return
  lchownSync(path, owner.uid, owner.gid)
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name))
}

it('follows no link out of the folder: the link is copied, not what it leads to', async () => {
  writeFileSync(join(root, 'guard/secret'), 'the guard alone')
  symlinkSync(join(root, 'guard/secret'), join(state.live, 'openclaw.sqlite'))
  symlinkSync(join(root, 'guard'), join(state.live, 'agents'))
  give(state.live)
  await hands.keepState(state)
  expect(readlinkSync(join(state.kept, 'openclaw.sqlite'))).toBe(join(root, 'guard/secret'))
  expect(readlinkSync(join(state.kept, 'agents'))).toBe(join(root, 'guard'))
})

it('puts back over a folder its owner has exchanged for a link without writing where that leads', async () => {
  await hands.keepState(state)
  rmSync(state.live, { recursive: true })
  mkdirSync(join(root, 'elsewhere'))
  symlinkSync(join(root, 'elsewhere'), state.live)
  give(state.live)
  await hands.giveBackForeign(state)
  expect(readFileSync(join(state.live, 'openclaw.json'), 'utf8')).toBe('{ mine: 1 }')
  expect(lstatSync(state.live).isDirectory()).toBe(true)
  expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
})

it('copies nothing its owner may not read, and begins no upgrade then', async () => {
  if (owner === null) chmodSync(join(state.live, 'openclaw.json'), 0)
  else writeFileSync(join(state.live, 'roots-own'), 'not theirs', { mode: 0o600 })
  await expect(hands.keepState(state)).rejects.toMatchObject({ code: 'guard.upgrade-refused', message: expect.stringMatching(/EACCES: permission denied/) })
  expect(existsSync(state.kept)).toBe(false)
  expect(readdirSync(join(root, 'passage'))).toEqual([])
})
