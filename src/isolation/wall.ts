import { allow, answer, assemble, auditArch, failWith, load, offsetOfArch, offsetOfArgument, offsetOfNumber, jumpGreater, unlessEqual, unlessOneOf, whenEqual, type FilteredMachine } from '../host/index.ts'
import type { IsolationPorts } from './ports.ts'
import type { IsolationRecord } from './record.ts'

const perl = '/usr/bin/perl'

/**
 * What neither a packet filter nor a namespace of the network sees, shut for the gateway and all it starts: sockets
 * other than unix, IP and netlink (vsock leads to the machine underneath), io_uring, which makes sockets past every
 * filter, abstract unix sockets of programs outside where Landlock can tell them apart, and the keyring of the session
 * that started the guard: whoever inherits it may read root's keys in it. Stands between nsenter and the dropping of rights; what it cannot switch on ends the start.
 *
 * @returns program and arguments to put in front; empty where the mode confines nobody
 */
export function wallOf({ mode }: Pick<IsolationRecord, 'mode'>, machine: string = process.arch): string[] {
  if (mode !== 'nftables' && mode !== 'namespace') return []
  return isFiltered(machine) ? [perl, '-e', wallProgram, socketFilter(machine).toString('hex'), String(prctl[machine]), String(keyctl[machine])] : []
}

function isFiltered(machine: string): machine is FilteredMachine {
  return machine === 'x64' || machine === 'arm64'
}

/** From this version of Landlock on abstract unix sockets can be told apart by who made them (Linux 6.12). */
export const scopingLandlock = 6

/** Version of the kernel's Landlock; 0: it has none, or there is no Perl to ask. */
export async function landlockVersion({ run }: Pick<IsolationPorts, 'run'>): Promise<number> {
  const { status, out } = await run([perl, '-e', 'print syscall(444, 0, 0, 1)']).catch(() => ({ status: 1, out: '' }))
  return status === 0 ? Math.max(0, Number(out) || 0) : 0
}

// asm/unistd.h: [x86_64, aarch64].
const prctl: Readonly<Record<FilteredMachine, number>> = { x64: 157, arm64: 167 }
const keyctl: Readonly<Record<FilteredMachine, number>> = { x64: 250, arm64: 219 }
const socketCalls: Readonly<Record<FilteredMachine, readonly number[]>> = { x64: [41, 53], arm64: [198, 199] }
const ioUringSetup = 425

// AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: Node asks for the names of interfaces by the last. Raw ones want a capability.
const families = [1, 2, 10, 16]
const EPERM = 1
const ENOSYS = 38
// x32 on x86_64 numbers the same calls from here on; on aarch64 nothing is there.
const lastNumber = 0x3fff_ffff

/** Programs for another kind of machine (32 bit) would make the same sockets by other numbers: they get no call at all. */
export function socketFilter(machine: FilteredMachine): Buffer {
  return assemble([
    load(offsetOfArch),
    ...unlessEqual(auditArch[machine], [answer(failWith(ENOSYS))]),
    load(offsetOfNumber),
    [jumpGreater, lastNumber, 0, 1],
    answer(failWith(ENOSYS)),
    ...whenEqual(ioUringSetup, [answer(failWith(ENOSYS))]),
    ...socketCalls[machine].flatMap((call) => whenEqual(call, [load(offsetOfArgument(0)), ...unlessOneOf(families, [answer(failWith(EPERM))]), answer(allow)])),
    answer(allow),
  ])
}

// landlock_create_ruleset is 444 and landlock_restrict_self 446 on every machine. PR_SET_NO_NEW_PRIVS 38, PR_SET_SECCOMP 22,
// SECCOMP_MODE_FILTER 2. KEYCTL_JOIN_SESSION_KEYRING 1, a new one without a name; where a container's filter refuses it
// (EPERM) or the kernel has none (ENOSYS), no key can be reached either. The ruleset handles no files and no ports (two zeros) and scopes abstract sockets (1).
const wallProgram = String.raw`
use strict;
my ($hex, $prctl, $keyctl) = (shift, shift() + 0, shift() + 0);
sub stop { print STDERR "hardshell isolation: $_[0]: $!\n"; exit 255 }
syscall($keyctl, 1, 0) >= 0 or $! == 1 or $! == 38 or stop('a keyring of its own');
syscall($prctl, 38, 1, 0, 0, 0) == 0 or stop('no_new_privs');
my $version = syscall(444, 0, 0, 1);
if ($version >= ${scopingLandlock}) {
  my $scope = pack('Q Q Q', 0, 0, 1);
  my $ruleset = syscall(444, $scope, length $scope, 0);
  $ruleset >= 0 or stop('Landlock');
  syscall(446, $ruleset, 0) == 0 or stop('Landlock');
  open(my $close, '<&=', $ruleset) or stop('Landlock');
  close $close;
}
my $filter = pack('H*', $hex);
my $program = pack('S x![P] P', length($filter) / 8, $filter);
syscall($prctl, 22, 2, $program, 0, 0) == 0 or stop('the filter of system calls');
exec { $ARGV[0] } @ARGV or stop($ARGV[0]);
`
