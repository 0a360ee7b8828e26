/**
 * `npm run check`: what must hold before a commit, in under a minute: types, lint, laws, unit tests. Every gate runs
 * even when an earlier one failed, so that one run tells everything. `npm run check -- types lint` runs those only.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

interface Gate {
  name: string
  args: string[]
}

const root = join(import.meta.dirname, '..')
const bin = (path: string): string => join(root, 'node_modules', path)

const gates: Gate[] = [
  { name: 'types', args: [bin('typescript/bin/tsc'), '-p', root] },
  { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--type-aware'] },
  { name: 'laws', args: [join(root, 'scripts/test.ts'), '--project', 'unit', 'tests/laws', '--reporter', 'dot'] },
  {
    name: 'unit',
    args: [join(root, 'scripts/test.ts'), '--project', 'unit', '--exclude', 'tests/laws/**', '--reporter', 'dot'],
  },
]

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !gates.some((gate) => gate.name === name))
if (unknown.length > 0) {
  const names = gates.map((gate) => gate.name).join(', ')
  console.error(`check: no gate is called ${unknown.join(', ')}; there are ${names}`)
  process.exit(2)
}

const results: { name: string; ok: boolean; seconds: number }[] = []
for (const gate of gates.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  console.log(`── ${gate.name}`)
  const begun = performance.now()
  const ok = await runs(gate)
  results.push({ name: gate.name, ok, seconds: (performance.now() - begun) / 1000 })
}

console.log('\n── summary')
for (const { name, ok, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(6)} ${seconds.toFixed(1).padStart(5)} s`)
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1

function runs({ name, args }: Gate): Promise<boolean> {
  if (!existsSync(args[0]!)) throw new Error(`the tool of gate ${name} is not installed: ${args[0]}`)
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', reject)
    child.once('exit', (status) => resolve(status === 0))
  })
}
