import { existsSync, realpathSync } from 'node:fs'
import { enterCommand, netnsPath } from '../host/index.ts'
import type { Confinement, IsolationMode } from './confinement.ts'
import { engineFor, networkStep } from './container-network.ts'
import type { IsolationRecord } from './record.ts'
import type { Step } from './steps.ts'

// Daemons with rights or a network of their own, at sockets everybody may connect to: whoever can ask them to resolve
// a name, start a container or open a connection is not confined. Each is hidden where it exists.
const hiddenFolders = [
  '/run/dbus', '/run/nscd', '/run/avahi-daemon', '/run/cups', '/run/podman', '/run/containerd', '/run/crio', '/run/libvirt',
  '/run/user', '/run/tailscale', '/tmp/.X11-unix',
]
const hiddenSockets = [
  '/run/docker.sock', '/run/snapd.socket', '/run/snapd-snap.socket', '/run/systemd/resolve/io.systemd.Resolve',
  '/var/lib/lxd/unix.socket', '/var/lib/incus/unix.socket', '/run/systemd/io.system.ManagedOOM',
]

/** Where the namespaces of an installation have their names. */
export function roomPaths(name: string): { folder: string; mount: string; resolvConf: string; netns: string } {
  const folder = `/run/hardshell/${name}`
  return { folder, mount: `${folder}/mnt`, resolvConf: `${folder}/resolv.conf`, netns: netnsPath(name) }
}

/** What stands in front of the gateway's program, so that it starts inside; empty where it starts as it is. */
export function entryOf({ mode, confinement }: Pick<IsolationRecord, 'mode' | 'confinement'>): string[] {
  const { netns, mount } = roomPaths(confinement.name)
  if (mode === 'namespace') return enterCommand({ netns, mount })
  return mode === 'nftables' ? enterCommand({ mount }) : []
}

/** The steps of a mode beside the table of nftables. */
export function stepsFor(mode: IsolationMode, confinement: Confinement): Step[] {
  if (mode === 'nftables') return mountSteps(confinement, false)
  if (mode === 'namespace') return [...netnsSteps(confinement), ...mountSteps(confinement, true)]
  const engine = mode === 'container' ? engineFor(confinement) : null
  return engine === null ? [] : [networkStep(confinement, engine)]
}

function netnsSteps({ name }: Confinement): Step[] {
  return [
    { what: 'a network with nothing in it', command: ['ip', 'netns', 'add', name], undo: ['ip', 'netns', 'del', name] },
    { what: 'its own loopback, where the guard has its doors', command: ['nsenter', `--net=${netnsPath(name)}`, 'ip', 'link', 'set', 'lo', 'up'], undo: null },
  ]
}

/** A view of the file system in which helpful daemons have no socket, and names are asked of the filter. */
function mountSteps({ name }: Confinement, ownResolver: boolean): Step[] {
  const { folder, mount, resolvConf } = roomPaths(name)
  const inside = (...command: string[]): string[] => ['nsenter', `--mount=${mount}`, 'mount', ...command]
  return [
    { what: 'a place for the names of namespaces', command: ['mkdir', '-p', folder], undo: ['rm', '-rf', folder] },
    { what: 'that no other namespace sees changes of', command: ['mount', '--bind', folder, folder], undo: ['umount', folder] },
    { what: 'the same', command: ['mount', '--make-private', folder], undo: null },
    { what: 'the name of a mount namespace', command: ['touch', mount], undo: null },
    // A namespace may be given a name only where its number is higher than that of the namespace it is named in. On
    // Linux 6.18 each processor was seen to hand out numbers of its own: in a container it depends on where it ran.
    { what: 'a view of the file system of its own', tries: 40, command: ['unshare', `--mount=${mount}`, '--propagation', 'slave', 'true'], undo: ['umount', mount] },
    ...present(hiddenFolders).map((path) => ({ what: `${path} is empty in it`, command: inside('-t', 'tmpfs', '-o', 'ro,nosuid,nodev,noexec,size=4k,mode=0555', 'hardshell', path), undo: null })),
    ...present(hiddenSockets).map((path) => ({ what: `${path} answers nobody in it`, command: inside('--bind', '/dev/null', path), undo: null })),
    ...(ownResolver && existsSync('/etc/resolv.conf')
      ? [
          { what: 'names are asked of the filter', command: ['tee', resolvConf], input: `# Hardshell: only approved names resolve\nnameserver 127.0.0.1\n`, undo: null },
          { what: 'readable in it', command: ['chmod', '0644', resolvConf], undo: null },
          { what: 'in place of the resolver of the machine', command: inside('--bind', resolvConf, realpathSync('/etc/resolv.conf')), undo: null },
        ]
      : []),
  ]
}

function present(paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(path))
}
