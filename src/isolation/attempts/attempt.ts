/** One way out, tried from inside by a small program that runs as OpenClaw's user. */
export interface Attempt {
  /** Stable, kebab-case: what a result, a test and the documentation call it. */
  id: string
  /** What is tried, as a sentence without a subject. */
  attempt: string
  /** What its program is written for; `python` where Node has no such system call. */
  tool: 'node' | 'python'
  /** Gets `Targets` with a nonce of its own as JSON in its first argument, prints one `Answer` as JSON. */
  program: string
  /**
   * What has to be missing for it to succeed: the rules, the user of its own, or nothing that we could take away here
   * (the kernel refuses it to every user, or what it needs is not on every machine).
   */
  opensWithout: 'rules' | 'own-user' | 'nothing-here'
}

/** What an attempt may aim at. All of it is this machine, or was made for the purpose. */
export interface Targets {
  nonce: string
  /** A machine of ours behind a cable of ours; `null` where none could be made (not root). */
  outside: Outside | null
  /** Addresses to aim at: the outside's, or those kept for documentation (RFC 5737, RFC 3849), which nobody has. */
  v4: string
  v6: string
  /** Services of root on loopback that only this verification knows. */
  services: {
    tcp4: number
    tcp6: number
    udp4: number
    otherLoopback: number
    ownAddress: number
    /** The same at addresses of this machine; link-local ones as this machine names them, with its device. */
    machine: readonly { host: string; tcp: number; udp: number }[]
  }
  guard: { pid: number; folder: string; files: readonly string[]; socket: string; ports: readonly number[] }
  gatewayPort: number
  /** A program, a plugin or a library that is run with more rights than the agent's, or before the agent is. */
  programs: readonly string[]
  /** Sockets that are meant for this user. */
  ownDoors: readonly string[]
}

export interface Outside {
  /** Our end of the cable. */
  own4: string
  own6: string
  broadcast4: string
  interface: string
}

/** What a program found out by itself. `sent`: no error, and only the other end can tell whether it arrived. */
export interface Answer {
  verdict: 'refused' | 'escaped' | 'sent' | 'absent'
  detail: string
}

const nodeStart = `
const fs = require('node:fs'), net = require('node:net'), path = require('node:path'), { spawnSync } = require('node:child_process')
const t = JSON.parse(process.argv[1])
let told = false
const tell = (verdict, detail) => { if (told) return; told = true; process.stdout.write(JSON.stringify({ verdict, detail: String(detail) }) + '\\n', () => process.exit(0)) }
const failed = (error) => tell('refused', error.code || error.message)
const list = (folder) => { try { return fs.readdirSync(folder) } catch { return [] } }
const tryEach = (what, things, act) => {
  const got = [], codes = new Set()
  for (const thing of things) try { act(thing); got.push(thing) } catch (error) { codes.add(error.info?.code || error.code || error.message) }
  if (got.length > 0) tell('escaped', what + ' ' + got.join(', '))
  else if (things.length === 0) tell('absent', 'there is none to be seen from here')
  else tell('refused', [...codes].join(', '))
}
`

/** A program for the Node the gateway runs on. */
export function inNode(body: string): Pick<Attempt, 'tool' | 'program'> {
  return { tool: 'node', program: `${nodeStart}\n${body}` }
}

// Numbers of system calls (Linux, asm/unistd.h); those above 424 are the same everywhere.
const pythonStart = `
import json, sys, socket, ctypes, os, struct, errno, platform, time
t = json.loads(sys.argv[1]); nonce = t['nonce'].encode()
def tell(verdict, detail):
    print(json.dumps({'verdict': verdict, 'detail': str(detail)}), flush=True); os._exit(0)
libc = ctypes.CDLL(None, use_errno=True)
numbers = {'x86_64': {'bpf': 321, 'keyctl': 250, 'request_key': 249, 'perf_event_open': 298, 'init_module': 175},
           'aarch64': {'bpf': 280, 'keyctl': 219, 'request_key': 218, 'perf_event_open': 241, 'init_module': 105}}
def number(name):
    found = numbers.get(platform.machine(), {}).get(name)
    if found is None: tell('absent', 'the number of ' + name + ' is not known for ' + platform.machine())
    return found
def done(result):
    if result < 0:
        code = ctypes.get_errno(); raise OSError(code, os.strerror(code))
    return result
def syscall(nr, *arguments):
    libc.syscall.restype = ctypes.c_long
    return done(libc.syscall(ctypes.c_long(nr), *arguments))
def need_outside():
    if t['outside'] is None: tell('absent', 'no outside could be made to aim at (not root)')
    return t['outside']
unknown = (errno.EPROTONOSUPPORT, errno.EAFNOSUPPORT, errno.ESOCKTNOSUPPORT, errno.ENOSYS, errno.EPFNOSUPPORT)
`

const pythonEnd = `
try:
    attempt()
except OSError as error:
    name = errno.errorcode.get(error.errno, error)
    tell('absent' if error.errno in unknown else 'refused', ('the kernel does not know it: ' if error.errno in unknown else '') + str(name))
`

/** A program for Python 3. @param body of a function, indented by four */
export function inPython(body: string): Pick<Attempt, 'tool' | 'program'> {
  return { tool: 'python', program: `${pythonStart}\ndef attempt():\n${body}\n${pythonEnd}` }
}
