import { inNode, inPython, type Attempt } from './attempt.ts'

const ownUser = 'own-user' as const

function proc(id: string, what: string, entries: string, act: string): Attempt {
  return {
    id,
    attempt: `look into the guard's process: ${what}`,
    opensWithout: ownUser,
    ...inNode(`tryEach('reads', ${entries}.map((name) => '/proc/' + t.guard.pid + '/' + name), (file) => ${act})`),
  }
}

/** At the guard itself: its files, its process, what it starts. */
export const guardAttempts: readonly Attempt[] = [
  { id: 'guard-files-read', attempt: "read the guard's keys, log and database", opensWithout: ownUser, ...inNode(`tryEach('read', t.guard.files, (file) => fs.readFileSync(file))`) },
  { id: 'guard-files-write', attempt: "change the guard's keys, log and database", opensWithout: ownUser, ...inNode(`tryEach('can write', t.guard.files, (file) => fs.closeSync(fs.openSync(file, 'r+')))`) },
  { id: 'guard-folder-list', attempt: "list the guard's folder", opensWithout: ownUser, ...inNode(`tryEach('listed', [t.guard.folder], (folder) => fs.readdirSync(folder))`) },
  { id: 'guard-folder-plant', attempt: "put a file into the guard's folder", opensWithout: ownUser, ...inNode(`
tryEach('wrote into', [t.guard.folder], (folder) => { const file = path.join(folder, t.nonce); fs.writeFileSync(file, '', { flag: 'wx' }); fs.unlinkSync(file) })`) },
  { id: 'guard-files-link', attempt: "make a link of its own to the guard's files", opensWithout: ownUser, ...inNode(`
tryEach('linked', t.guard.files, (file) => { const link = path.join('/tmp', t.nonce); fs.linkSync(file, link); fs.unlinkSync(link) })`) },
  { id: 'guard-files-chmod', attempt: "open up the guard's files", opensWithout: ownUser, ...inNode(`tryEach('can change', [t.guard.folder, ...t.guard.files], (file) => fs.chmodSync(file, fs.statSync(file).mode & 0o7777))`) },
  proc('guard-environment', 'its environment', `['environ']`, 'fs.readFileSync(file)'),
  proc('guard-memory', 'its memory', `['mem', 'maps']`, `fs.closeSync(fs.openSync(file, 'r'))`),
  proc('guard-descriptors', 'its open files', `['fd']`, 'fs.readdirSync(file)'),
  proc('guard-root', 'its files by way of /proc', `['root', 'cwd', 'exe']`, 'fs.readlinkSync(file)'),
  {
    id: 'guard-trace',
    attempt: 'trace the guard (ptrace)',
    opensWithout: ownUser,
    // PTRACE_SEIZE stops nothing; the trace ends with this program.
    ...inPython(`
    libc.ptrace.restype = ctypes.c_long
    done(libc.ptrace(ctypes.c_long(0x4206), ctypes.c_long(t['guard']['pid']), None, None)); tell('escaped', 'attached')`),
  },
  {
    id: 'guard-memory-copy',
    attempt: "copy the guard's memory (process_vm_readv)",
    opensWithout: ownUser,
    ...inPython(`
    class Vector(ctypes.Structure): _fields_ = [('base', ctypes.c_void_p), ('size', ctypes.c_size_t)]
    buffer = ctypes.create_string_buffer(8)
    here = Vector(ctypes.addressof(buffer), 8); there = Vector(0x400000, 8)
    libc.process_vm_readv.restype = ctypes.c_ssize_t
    try: done(libc.process_vm_readv(t['guard']['pid'], ctypes.byref(here), 1, ctypes.byref(there), 1, 0))
    except OSError as error:
        if error.errno != errno.EFAULT: raise
    tell('escaped', 'was let at its memory')`),
  },
  {
    id: 'guard-descriptor-copy',
    attempt: "take one of the guard's open files or connections (pidfd_getfd)",
    opensWithout: ownUser,
    ...inPython(`
    process = syscall(434, t['guard']['pid'], 0)
    syscall(438, process, 0, 0); tell('escaped', 'took descriptor 0')`),
  },
  { id: 'guard-signal', attempt: 'send the guard a signal', opensWithout: ownUser, ...inNode(`tryEach('may signal', [t.guard.pid], (pid) => process.kill(pid, 0))`) },
  { id: 'guard-priority', attempt: 'starve the guard of processor time (setpriority)', opensWithout: ownUser, ...inNode(`tryEach('set', [t.guard.pid], (pid) => require('node:os').setPriority(pid, require('node:os').getPriority(pid)))`) },
  { id: 'launcher-programs', attempt: 'change a program, plugin or library that is started for it', opensWithout: ownUser, ...inNode(`
tryEach('can change', t.programs.flatMap((file) => [file, path.dirname(file)]), (file) => fs.accessSync(file, fs.constants.W_OK))`) },
  { id: 'launcher-preload', attempt: 'have a library of its own loaded into every program (ld.so.preload)', opensWithout: ownUser, ...inNode(`
tryEach('can write', ['/etc/ld.so.preload', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc'], (file) => fs.accessSync(fs.existsSync(file) ? file : path.dirname(file), fs.constants.W_OK))`) },
]
