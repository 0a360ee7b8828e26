import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect } from 'vitest'
import { systemRandom } from '../base/index.ts'
import { createSecrets, type Environment, type Secrets } from './index.ts'

// Assembled, so that no scanner takes this file for a leak. It must never appear in anything but a reveal().
export const canary = ['canary', 'value', 'x7Qp'].join('-')

const clock = { now: () => Date.parse('2026-11-21T12:00:00Z'), monotonicMs: () => 0 }

/** Folders of secrets of their own, and lookups in them. */
export class SecretPlaces {
  readonly folder = mkdtempSync(join(tmpdir(), 'hardshell-secrets-'))
  readonly runSecrets = join(this.folder, 'run-secrets')
  readonly credentials = join(this.folder, 'credentials')
  readonly localPath = join(this.folder, 'local', 'secrets.json')
  readonly localKeyPath = join(this.folder, 'local', 'secrets.key')

  constructor() {
    mkdirSync(this.runSecrets)
    mkdirSync(this.credentials)
  }

  secrets(env: Environment = {}): Secrets {
    const { credentials: credentialsDirectory, runSecrets: runSecretsDirectory, localPath, localKeyPath } = this
    return createSecrets(
      { env, credentialsDirectory, runSecretsDirectory, localPath, localKeyPath },
      { clock, random: systemRandom },
    )
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Writes a file with exactly these rights, whatever the umask. */
export function file(path: string, text: string | Buffer, mode = 0o600): string {
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

/** What the failure says, after seeing that nothing about it gives the value away. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  try {
    await work
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string }
    const told = [
      message,
      hint,
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(error),
      (error as Error).stack,
    ]
    expect(told.join(' ')).not.toContain(canary)
    expect(told.join(' ')).not.toContain(canary.slice(0, 12))
    return { code, message, hint }
  }
  throw new Error('no failure')
}
