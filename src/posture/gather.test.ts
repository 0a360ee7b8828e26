import { expect, it } from 'vitest'
import { gather } from './gather.ts'
import { ExampleMachine } from './machine.test.kit.ts'

it('has read the settings before it looks at anything else, so that they never wait behind a crowd of files', async () => {
  const machine = new ExampleMachine({ config: { gateway: { bind: 'loopback' } }, files: { '/etc/ssh/sshd_config': 'Port 22\n' } })
  const asked: string[] = []
  const files = { ...machine.subject().files, text: async (path: string) => (asked.push(path), await machine.text(path)), names: async (path: string) => (asked.push(path), await machine.names(path)), status: async (path: string) => await machine.status(path) }
  const gathered = await gather({ ...machine.subject(), files, host: files }, ['sshd', 'cron', 'config'])
  expect(gathered.config).toMatchObject({ known: true })
  expect(asked.some((path) => path.startsWith('/etc/'))).toBe(true)
  const settings = asked.findLastIndex((path) => path.endsWith('openclaw.json'))
  expect(asked.slice(0, settings).filter((path) => path.startsWith('/etc/ssh'))).toEqual([])
})
