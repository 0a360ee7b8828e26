import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { version } from '../../src/cli/version.ts'
import { pinnedOpenClaw } from '../../src/openclaw/index.ts'
import { looseVersions, missingSettings, unprovenPackages } from './manifest.ts'
import { file, files, root } from './tree.ts'

const json = (path: string) => JSON.parse(file(path).text)

/** Asks the shell function of the launcher. */
function meetsFloor(version: string): boolean {
  const script = `root=${'$1'}; . "$1/scripts/runtime.sh"; meets_floor "$2" && echo yes || echo no`
  return execFileSync('/bin/sh', ['-c', script, 'sh', root, version], { encoding: 'utf8' }).trim() === 'yes'
}

describe('what is installed is what was chosen', () => {
  it('holds: dependencies are one version each', () => {
    const manifests = files((path) => /(^|\/)package\.json$/.test(path) && !path.includes('fixtures/'))
    expect(manifests.flatMap(({ path }) => looseVersions(json(path)))).toEqual([])
    expect(Object.keys(json('package.json').dependencies)).not.toEqual([])
  })

  it('holds: the program says its own version, and names the OpenClaw it is tested with', () => {
    expect(version).toBe(json('package.json').version)
    expect(pinnedOpenClaw).toBe(json('package.json').devDependencies.openclaw)
  })

  it('holds: lifecycle scripts are off', () => {
    expect(missingSettings(file('.npmrc').text)).toEqual([])
  })

  it('holds: the lock files vouch for every package and name no package index', () => {
    for (const { path } of files((path) => path.endsWith('package-lock.json'))) {
      expect(Object.keys(json(path).packages).length).toBeGreaterThan(1)
      expect(unprovenPackages(json(path))).toEqual([])
    }
  })

  it('sees a range, a missing setting and a package nobody vouches for', () => {
    expect(looseVersions({ dependencies: { a: '^1.0.0', b: '1.0.0', c: 'github:x/y' } })).toEqual([
      'a: ^1.0.0 is not one version',
      'c: github:x/y is not one version',
    ])
    expect(missingSettings('ignore-scripts=false\nsave-exact = true\n')).toEqual(['ignore-scripts=true'])
    const bound = { integrity: 'sha512-x', resolved: 'http://index/b' }
    const packages = { '': {}, 'node_modules/a': {}, 'node_modules/b': bound }
    expect(unprovenPackages({ packages })).toEqual([
      'node_modules/a: no SHA-512',
      'node_modules/b: bound to the package index of http://index/b',
    ])
  })

  it('holds: the launcher accepts exactly the Node versions that package.json asks for', () => {
    expect(json('package.json').engines.node).toBe('>=24.16 <25 || >=26.1')
    for (const good of ['v24.16.0', 'v24.21.0', 'v26.1.0', 'v26.10.2', 'v27.0.0']) expect(meetsFloor(good)).toBe(true)
    for (const bad of ['v20.20.2', 'v24.15.9', 'v24.9.0', 'v25.9.0', 'v26.0.1', '', 'node']) {
      expect(meetsFloor(bad)).toBe(false)
    }
  })

  it('holds: every Node the launcher may fetch meets that floor', () => {
    const pinned = Object.values<string>(json('scripts/runtime/package.json').optionalDependencies)
    expect(pinned.length).toBeGreaterThan(0)
    for (const version of pinned) expect(meetsFloor(`v${version}`)).toBe(true)
  })
})
