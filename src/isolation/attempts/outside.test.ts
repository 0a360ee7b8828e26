import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../host/index.ts'
import { outsideAttempts } from './outside.ts'

const { program } = outsideAttempts.find(({ id }) => id === 'metadata-ipv4')!
// As in a container on an internal network of Docker: a way out by an address that nobody has.
const network = `set -e
ip link set lo up; ip link add here type veth peer name there; ip link set there up; ip link set here up
ip addr add 172.31.87.4/28 dev here; ip route add default via 172.31.87.1
exec "$0" -e "$1" '{"nonce":"none"}'`

const user = existsSync('/usr/bin/unshare') && existsSync('/usr/sbin/ip') ? (await runProgram(['unshare', '-rn', 'true'])).status : 1

describe('the knock at the metadata service', () => {
  it.runIf(user === 0)('takes a next hop that does not exist for a refusal, though the kernel needs seconds to say so (needs unshare and ip)', async () => {
    const { out, err } = await runProgram(['unshare', '-rn', 'sh', '-c', network, process.execPath, program], { timeoutMs: 30_000 })
    expect(JSON.parse(out || JSON.stringify(err))).toEqual({ verdict: 'refused', detail: 'EHOSTUNREACH' })
  }, 40_000)
})
