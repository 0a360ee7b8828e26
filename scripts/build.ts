/**
 * `npm run build`: the published form in dist/, since Node does not strip types inside node_modules. `npm run pack`
 * makes the tarball after it: with lifecycle scripts off, `npm pack` alone would not run `prepack`.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const program = join(dist, 'src/cli/main.js')

rmSync(dist, { recursive: true, force: true })
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
if (compiled.status !== 0) fail('the types do not hold; next: npm run check')

if (!existsSync(program)) fail(`${program} was not made`)
if (!readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node\n')) fail(`${program} names no interpreter`)
chmodSync(program, 0o755)
console.log(`built ${dist}`)

function fail(why: string): never {
  console.error(`build: ${why}`)
  process.exit(1)
}
