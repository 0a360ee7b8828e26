import { describe, expect, it } from 'vitest'
import { ExampleMachine } from '../example-machine.ts'
import type { ExampleFile } from '../example.ts'
import { Layers } from './image-layers.ts'

const token = ['ghp', 'R7tQ2mXv9LkZ4nWs8bYc1dJf6hGp3aEu5xNo'].join('_')
const driver = { Name: 'overlay', Data: { UpperDir: '/s/top/diff', LowerDir: '/s/middle/diff:/s/bottom/diff' } }
const folders = Object.fromEntries(['top', 'middle', 'bottom'].map((name) => [`/s/${name}/diff`, { kind: 'folder' as const }]))
const looked = async (files: Record<string, string | ExampleFile>, of: unknown = driver) => await new Layers(new ExampleMachine({ files: { ...folders, ...files } })).of({ GraphDriver: of })

describe('layers of an image', () => {
  it.each(['app/.env', 'app/.env.production', 'root/.npmrc', 'home/node/.ssh/id_ed25519', 'etc/openclaw.json.bak', 'app/.git/config', 'home/node/.aws/credentials', 'srv/site.key', 'app/secrets.yaml'])('a key in %s is found in its own layer, counted from the bottom', async (path) => {
    expect(await looked({ [`/s/middle/diff/${path}`]: `token = ${token}\n` })).toEqual({ found: [{ path: `/${path}`, layer: 2, what: ['github-token'] }], layers: 3, unread: 0, left: 0 })
  })

  it.each(['usr/share/doc/x/.env', 'etc/ssl/certs/a.pem', 'app/node_modules/x/test.key', 'app/.env.example', 'app/readme.md'])('%s is what packages bring', async (path) => {
    expect((await looked({ [`/s/top/diff/${path}`]: token }))!.found).toEqual([])
  })

  it('a link out of a layer is not followed', async () => {
    const secret = { '/root/.env': `token=${token}\n` }
    expect((await looked({ ...secret, '/s/top/diff/app/.env': { kind: 'link', target: '/root/.env' }, '/s/top/diff/all': { kind: 'link', target: '/root' } }))!.found).toEqual([])
  })

  it('what cannot be looked into is counted, never passed over', async () => {
    expect(await looked({ '/s/top/diff/app/.env': `${'x'.repeat(300_000)}` })).toMatchObject({ left: 1 })
    expect(await looked({}, { ...driver, Data: { ...driver.Data, LowerDir: '/s/gone/diff' } })).toMatchObject({ layers: 2, unread: 1 })
    expect(await looked(Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`/s/top/diff/f${i}`, 'x'])))).toMatchObject({ unread: 1 })
    for (const other of [null, { Name: 'vfs', Data: { UpperDir: '/s/top' } }, { Name: 'overlay2', Data: {} }, { Name: 'overlay2', Data: { UpperDir: 'relative' } }]) expect(await looked({}, other)).toBeNull()
    expect(await new Layers(new ExampleMachine({})).of({ GraphDriver: driver, RootFS: { Layers: [] } })).toMatchObject({ layers: 0, unread: 0 })
  })
})
