#!/usr/bin/env node
import { mkdirSync, statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { version } from './version.ts'

useOwnCompileCache()

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  // Whoever reads our output may stop reading: `hardshell audit search | head` is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 7))
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv.slice(2))
}

/**
 * Loading and compiling is most of what a short command does; a cache halves it from the second run on. Node's default
 * for it is a folder in /tmp under a name anybody can take first, and it runs what it finds there: ours is a folder
 * only we can write to, or none.
 */
function useOwnCompileCache(): void {
  const home = process.env['XDG_CACHE_HOME'] ?? (process.env['HOME'] && join(process.env['HOME'], '.cache'))
  if (process.env['NODE_COMPILE_CACHE'] || !home || !process.getuid) return
  const folder = join(home, 'hardshell')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = statSync(folder)
    if (uid === process.getuid() && (mode & 0o022) === 0) enableCompileCache(folder)
  } catch {
    // a home that cannot be written to: slower, and no less right
  }
}
