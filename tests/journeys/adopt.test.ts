import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelUpstream, type ModelUpstream, type SeenRequest } from '../fakes/model-upstream.ts'
import { chat } from './chat.ts'
import { command, ensureProven, newInstallation, removeInstallation, statusOf, stopGuard, type Installation } from './installation.ts'
import { processesOf } from './processes.ts'
import { until } from './wait.ts'

// The owner of the installation: nobody has this id on a machine that runs tests.
const owner = 61_234
const realKey = ['sk', 'adopted', '0123456789abcdefghij'].join('-')
const prices = 'budgets:\n  prices:\n    acme/gpt-5-mini: { input: $1, output: $2 }\n'

let installation: Installation
let upstream: ModelUpstream
let folder: string
let file: string
let original: string
beforeAll(async () => {
  installation = await newInstallation('adopt', prices)
  upstream = await startModelUpstream(join(installation.root, 'upstream.jsonl'))
  folder = join(installation.root, 'anna', '.openclaw')
  file = join(folder, 'openclaw.json')
  mkdirSync(folder, { recursive: true })
  original = `// Anna's gateway\n{\n  gateway: { mode: 'local', port: ${installation.ports.gateway}, auth: { mode: "token", token: "annas-own-token-0123456789" } }, // my port\n  agents: { defaults: { model: { primary: "acme/gpt-5-mini" } } },\n  models: { providers: { acme: { baseUrl: "http://127.0.0.1:${upstream.port}/v1", apiKey: "${realKey}", api: "openai-completions",\n    /* the cheap one */ models: [{ id: "gpt-5-mini", name: "Mini", reasoning: false, input: ["text"], contextWindow: 128000, maxTokens: 8192 }] } } },\n  tools: { profile: 'full' },\n}\n`
  writeFileSync(file, original)
  for (const path of [join(installation.root, 'anna'), folder, file]) chownSync(path, owner, owner)
  chmodSync(folder, 0o700)
  chmodSync(file, 0o644)
})
afterAll(async () => {
  await removeInstallation(installation)
  await upstream.close()
})

const adopt = async (...args: string[]) => await command(installation, ['adopt', folder, '--config', installation.config, ...args])

describe('adopting an installation that somebody else owns', () => {
  it('shows the plan as a diff without any key, and changes nothing until it is agreed to', async () => {
    const dry = await adopt('--dry-run')
    expect(dry.status, dry.err).toBe(0)
    expect(dry.out).toMatch(/tools\.profile\n\s+- "full"\n\s+\+ "messaging"/)
    expect(dry.out + dry.err).not.toContain(realKey)
    const unasked = await adopt()
    expect(unasked.err).toContain('--yes')
    expect(readFileSync(file, 'utf8')).toBe(original)
  })

  it('applies it with comments and order kept, moves the key out, and leaves the file its owner', async () => {
    const applied = await adopt('--yes', '--json')
    expect(applied.status, applied.err).toBe(0)
    expect(JSON.parse(applied.out)).toMatchObject({ ok: true, applied: true })
    const text = readFileSync(file, 'utf8')
    for (const kept of ["// Anna's gateway", '// my port', '/* the cheap one */']) expect(text).toContain(kept)
    expect(text).not.toContain(realKey)
    expect(statSync(file)).toMatchObject({ uid: owner, gid: owner })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await adopt('--yes')).status).toBe(5)
  })

  it('starts guarded and proven as that owner, and only the provider sees the real key', async () => {
    await ensureProven(installation)
    // OpenClaw's own audit takes its time beside the proofs.
    const status = await until('the verdict of the audit', 60_000, async () => (await statusOf(installation).then((s) => (s?.audit.after ? s : null))))
    expect(status.audit.before).not.toBeNull()
    expect(status.audit.after!.critical).toBe(0)
    expect(processesOf(owner).length).toBeGreaterThan(0)
    expect((await chat(installation, 'SAY:from the real provider')).text).toBe('from the real provider')
    const seen = readFileSync(join(installation.root, 'upstream.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as SeenRequest)
    expect(new Set(seen.map(({ key }) => key))).toEqual(new Set([realKey]))
    expect(status.boundaries).toContainEqual(expect.objectContaining({ id: 'own-config', stands: false }))
  })

  it('is taken back byte for byte, mode included', async () => {
    await stopGuard(installation)
    const undone = await command(installation, ['adopt', '--undo'])
    expect(undone.status, undone.err).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(original)
    expect(statSync(file).mode & 0o777).toBe(0o644)
    expect(statSync(file).uid).toBe(owner)
  })

  it('is refused through a link, which would lend its owner our rights', async () => {
    const linked = join(installation.root, 'mallory')
    mkdirSync(linked)
    symlinkSync(file, join(linked, 'openclaw.json'))
    const refused = await command(installation, ['adopt', linked, '--config', installation.config, '--yes'])
    expect(refused.status).toBe(5)
    expect(refused.err).toContain('not a plain file of the owner')
  })
})
