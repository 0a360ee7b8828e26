#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { version } from './version.ts'

// Loading and compiling is most of what a short command does; the cache halves it from the second run on.
enableCompileCache()

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv.slice(2))
}
