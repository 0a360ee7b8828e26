import { describe, expect, it } from 'vitest'
import type { Example } from '../example.ts'
import { ExampleMachine } from '../example-machine.ts'
import { audit, reported } from '../audit.ts'
import { findCheck } from '../registry.ts'
import { findInstalled } from './installed.ts'

const manifest = '{"name":"openclaw","version":"2026.9.6"}'
const found = async (files: Example['files'], env: Example['env'] = {}): Promise<string[]> => (await findInstalled(new ExampleMachine({ files: files!, env: env! }))).map(({ path }) => path)

describe('an installed OpenClaw', () => {
  it.each<[string, Example['files'], Example['env'], string]>([
    ['behind a link in /usr/local/bin', { '/usr/local/bin/openclaw': { kind: 'link', target: '../../../opt/tools/claw/openclaw.mjs' }, '/opt/tools/claw/package.json': manifest }, {}, '/opt/tools/claw'],
    ['behind two links', { '~/.local/bin/openclaw': { kind: 'link', target: '/srv/bin/openclaw' }, '/srv/bin/openclaw': { kind: 'link', target: '../claw/openclaw.mjs' }, '/srv/claw/package.json': manifest }, {}, '/srv/claw'],
    ['behind a link in PATH', { '/snap/bin/openclaw': { kind: 'link', target: '/snap/claw/openclaw.mjs' }, '/snap/claw/package.json': manifest }, { PATH: '/snap/bin:relative' }, '/snap/claw'],
    ['in the prefix ~/.npmrc names', { '~/.npmrc': 'fund=false\nprefix=~/tools\n', '~/tools/lib/node_modules/openclaw/package.json': manifest }, {}, '/home/claw/tools/lib/node_modules/openclaw'],
    ['in the prefix of the environment', { '/srv/npm/lib/node_modules/openclaw/package.json': manifest }, { NPM_CONFIG_PREFIX: '/srv/npm' }, '/srv/npm/lib/node_modules/openclaw'],
    ['where its own installer puts it', { '~/.openclaw/lib/node_modules/openclaw/package.json': manifest }, {}, '/home/claw/.openclaw/lib/node_modules/openclaw'],
    ['as a checkout', { '~/openclaw/package.json': manifest }, {}, '/home/claw/openclaw'],
  ])('is found %s', async (_, files, env, path) => {
    expect(await found(files, env)).toEqual([path])
  })

  it('is told once, and a ring of links or another program of that name is none', async () => {
    const files = { '/usr/bin/openclaw': { kind: 'link' as const, target: '../lib/node_modules/openclaw/openclaw.mjs' }, '/usr/lib/node_modules/openclaw/package.json': manifest }
    expect(await found(files)).toEqual(['/usr/lib/node_modules/openclaw'])
    expect(await found({ '/usr/local/bin/openclaw': { kind: 'link', target: 'openclaw' } })).toEqual([])
    expect(await found({ '/usr/local/bin/openclaw': { kind: 'link', target: '/opt/game/openclaw' }, '/opt/game/package.json': '{"name":"captain-claw","version":"1.0.0"}' })).toEqual([])
  })

  it('is told by the audit where nobody has set it up', async () => {
    const machine = new ExampleMachine({ files: { '/usr/lib/node_modules/openclaw/package.json': manifest } })
    const audited = await audit(machine.subject(), { checks: [findCheck('versions.openclaw-recent')!], suppressions: [], others: [], named: false })
    expect(reported(audited).installation).toMatchObject({ config: null, program: { path: '/usr/lib/node_modules/openclaw', version: '2026.9.6' } })
  })
})
