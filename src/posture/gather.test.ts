import { afterEach, expect, it, vi } from 'vitest'
import { gather } from './gather.ts'
import { ExampleMachine } from './machine.test.kit.ts'

afterEach(() => void vi.useRealTimers())

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

it.each([[0, false], [60_000, true]])('a fact that takes ten seconds, with a patience of %i ms: known %s', async (patienceMs, known) => {
  vi.useFakeTimers()
  const machine = new ExampleMachine({ files: { '/etc/shadow': 'root:!::0:::::\n' } })
  const slow = { ...machine.subject().host!, text: async (path: string) => (await new Promise((resolve) => setTimeout(resolve, 10_000)), await machine.text(path)), names: async (path: string) => await machine.names(path), status: async (path: string) => await machine.status(path) }
  const gathered = gather({ ...machine.subject(), host: slow, files: slow }, ['passwords'], patienceMs)
  await vi.advanceTimersByTimeAsync(30_000)
  expect((await gathered).passwords).toMatchObject({ known })
})
