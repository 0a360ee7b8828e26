/**
 * The last step into the sandbox, run inside its namespaces: lowers limits, gives up capabilities, becomes the agent's
 * user, switches on no_new_privs, Landlock and the system call filter, in this order, then becomes the command. What it
 * was told to switch on and cannot ends it: there is no half sandbox. Words `key=value` up to `--`, then the command.
 * Numbers of system calls come as words, since they differ between machines.
 *
 * Perl because it can make any system call, and no program of Debian 12 knows Landlock. Without modules, since POSIX
 * alone takes longer to load than all of this to run: AF_UNIX is 1, AF_INET 2, SOCK_STREAM 1 on every Linux.
 */
export const enterProgram = String.raw`#!/usr/bin/perl
use strict;
my %told;
while (@ARGV) {
  my $word = shift @ARGV;
  last if $word eq '--';
  my ($key, $value) = split /=/, $word, 2;
  push @{ $told{$key} }, $value;
}
sub one { my $list = $told{ $_[0] }; return $list ? $list->[0] : undef }
sub stop { print STDERR "hardshell sandbox: $_[0]\n"; leave(255) }
sub number { my $n = one("nr_$_[0]"); stop("no number for $_[0]") if !defined $n; return $n + 0 }
my $prctl = number('prctl');
sub control { return syscall($prctl, @_) }
sub leave { $| = 1; print ''; syscall(number('exit_group'), $_[0]) }

# Nothing that was open outside stays open.
if (opendir(my $folder, '/proc/self/fd')) {
  my @open = grep { /^\d+$/ && $_ > 2 && $_ != fileno($folder) } readdir $folder;
  closedir $folder;
  syscall(number('close'), $_ + 0) for @open;
}

for my $limit (@{ $told{limit} || [] }) {
  my ($resource, $wanted) = map { $_ + 0 } split /:/, $limit;
  my $now = "\0" x 16;
  syscall(number('prlimit64'), 0, $resource, 0, $now) == 0 or stop("limit $resource cannot be read: $!");
  my (undef, $hard) = unpack('Q Q', $now);
  my $value = $hard < $wanted ? $hard : $wanted;
  my $new = pack('Q Q', $value, $value);
  syscall(number('prlimit64'), 0, $resource, $new, 0) == 0 or stop("limit $resource cannot be set: $!");
}

if (defined(my $uid = one('uid'))) {
  my $gid = one('gid');
  # PR_CAPBSET_DROP for every capability there may ever be; the kernel refuses numbers it does not know.
  for my $capability (0 .. 63) { control(24, $capability, 0, 0, 0) }
  $) = "$gid $gid";
  syscall(number('setresgid'), $gid + 0, $gid + 0, $gid + 0);
  syscall(number('setresuid'), $uid + 0, $uid + 0, $uid + 0);
  stop("cannot become user $uid") if $< != $uid || $> != $uid || (split ' ', $))[0] != $gid;
  stop('can still become root') if syscall(number('setresuid'), 0, 0, 0) == 0;
}
# Also what could be inherited: _LINUX_CAPABILITY_VERSION_3, this process, three empty sets twice.
my ($about, $nothing) = (pack('L l', 0x20080522, 0), pack('L6', (0) x 6));
syscall(number('capset'), $about, $nothing) == 0 or stop("capabilities: $!");
chdir(one('folder')) or stop(one('folder') . ": $!");
control(47, 4, 0, 0, 0); # PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL
control(38, 1, 0, 0, 0) == 0 or stop("no_new_privs: $!");

my $abi = 0;
if (defined one('landlock')) {
  $abi = syscall(number('landlock_create_ruleset'), 0, 0, 1);
  $abi >= 1 or stop("the kernel has no Landlock: $!");
  my $files = (1 << 13) - 1; # everything of the first version
  $files |= 1 << 13 if $abi >= 2; # refer
  $files |= 1 << 14 if $abi >= 3; # truncate
  $files |= 1 << 15 if $abi >= 5; # ioctl of devices
  my $of_a_file = (1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15) & $files; # execute, write, read, truncate, ioctl
  my $reading = 1 << 0 | 1 << 2 | 1 << 3; # execute, read a file, read a folder
  # From version 6 on: no signal and no abstract socket reaches out of the sandbox.
  my $attributes = $abi >= 6 ? pack('Q Q Q', $files, 0, 3) : $abi >= 4 ? pack('Q Q', $files, 0) : pack('Q', $files);
  my $ruleset = syscall(number('landlock_create_ruleset'), $attributes, length $attributes, 0);
  $ruleset >= 0 or stop("Landlock: $!");
  my $add = sub {
    my ($path, $rights) = @_;
    # O_PATH; O_CLOEXEC is Perl's own habit.
    sysopen(my $place, $path, 010000000) or stop("Landlock: $path: $!");
    my $allowed = -d $path ? $rights : $rights & $of_a_file;
    my $rule = pack('Q l', $allowed, fileno $place);
    syscall(number('landlock_add_rule'), $ruleset, 1, $rule, 0) == 0 or stop("Landlock: $path: $!");
  };
  $add->($_, $reading) for @{ $told{read} || [] };
  $add->($_, $files) for @{ $told{write} || [] };
  syscall(number('landlock_restrict_self'), $ruleset, 0) == 0 or stop("Landlock: $!");
  syscall(number('close'), $ruleset);
}

if (defined(my $path = one('filter'))) {
  open(my $file, '<:raw', $path) or stop("$path: $!");
  my $filter = do { local $/; <$file> };
  close $file;
  my $program = pack('S x![P] P', length($filter) / 8, $filter);
  control(22, 2, $program, 0, 0) == 0 or stop("the system call filter: $!");
}

if (defined(my $relay = one('relay'))) {
  my ($port, $path) = split /:/, $relay, 2;
  my $here = pack('S n a4 x8', 2, $port, pack('C4', 127, 0, 0, 1)); # AF_INET
  socket(my $door, 2, 1, 0) or stop("relay: $!");
  bind($door, $here) && listen($door, 128) or stop("relay: $!");
  my $child = fork;
  defined $child or stop("relay: $!");
  if ($child == 0) {
    leave(0) if fork; # nobody's child: the command has none it did not start
    open(STDIN, '<', '/dev/null');
    open(STDOUT, '>', '/dev/null');
    open(STDERR, '>', '/dev/null');
    serve_relay($door, $path);
    leave(0);
  }
  waitpid($child, 0);
  close $door;
}

print "landlock=$abi\n" if defined one('report');
$SIG{PIPE} = 'DEFAULT';
exec { $ARGV[0] } @ARGV or stop("$ARGV[0]: $!");

sub serve_relay {
  my ($door, $path) = @_;
  $SIG{CHLD} = 'IGNORE';
  $SIG{PIPE} = 'IGNORE';
  while (accept(my $guest, $door)) {
    my $child = fork;
    if (defined $child && $child == 0) {
      close $door;
      my $out;
      if (socket($out, 1, 1, 0) && connect($out, pack('S a108', 1, $path))) { carry($guest, $out) }
      leave(0);
    }
    close $guest;
  }
}

sub carry {
  my ($a, $b) = @_;
  my %open = (fileno $a => [$a, $b], fileno $b => [$b, $a]);
  while (%open) {
    my ($wanted, $ready) = ('', '');
    vec($wanted, $_, 1) = 1 for keys %open;
    next if select($ready = $wanted, undef, undef, undef) < 0;
    for my $number (keys %open) {
      next if !vec($ready, $number, 1);
      my ($from, $to) = @{ $open{$number} };
      my $n = sysread($from, my $bytes, 65536);
      if (!$n) { shutdown($to, 1); delete $open{$number}; next }
      for (my $at = 0; $at < $n;) {
        my $written = syswrite($to, $bytes, $n - $at, $at);
        return if !defined $written;
        $at += $written;
      }
    }
  }
}
`

/** What the guard itself runs outside, before the namespaces: puts itself into the agent's cgroups, then goes on. */
export const placeProgram = String.raw`#!/usr/bin/perl
use strict;
while (@ARGV) {
  my $path = shift @ARGV;
  last if $path eq '--';
  open(my $file, '>', $path) or die "hardshell sandbox: $path: $!\n";
  print $file "$$\n";
  close $file or die "hardshell sandbox: $path: $!\n";
}
# When memory runs short, the sandbox goes first and not the guard.
if (open(my $file, '>', '/proc/self/oom_score_adj')) { print $file "500\n"; close $file }
exec { $ARGV[0] } @ARGV or die "hardshell sandbox: $ARGV[0]: $!\n";
`
