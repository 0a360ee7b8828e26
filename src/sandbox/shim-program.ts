/**
 * What OpenClaw starts as `ssh`: hands its arguments to the server beside it and carries bytes. It decides nothing and
 * needs no trust; whoever can run it could as well write to the socket. Perl, because OpenClaw starts six of them for
 * one command, and Perl is up in some milliseconds where Node takes two hundred on a busy machine; it is part of every
 * Debian and Ubuntu (perl-base). Without modules: loading Socket and Errno takes longer than the rest; AF_UNIX,
 * SOCK_STREAM and EINTR are 1, 1 and 4 on every Linux this runs on.
 */
export const shimProgram = String.raw`#!/usr/bin/perl
use strict;
my $interrupted = 4;
my $folder = $0 =~ m{^(.*)/[^/]*$} ? $1 : '.';
my $user = '';
for my $i (0 .. $#ARGV - 1) {
  next if $ARGV[$i] ne '-F';
  if (open(my $file, '<', $ARGV[$i + 1])) {
    while (<$file>) { $user = $1 if /^\s*User\s+(\S+)/ }
    close $file;
  }
  last;
}
sub fail { print STDERR "hardshell sandbox: $_[0]\n"; exit 255 }
socket(my $line, 1, 1, 0) or fail("no socket: $!");
connect($line, pack('S a108', 1, "$folder/sandbox.sock")) or fail("the guard does not answer: $!");
$SIG{PIPE} = 'IGNORE';
sub put {
  my ($to, $bytes) = @_;
  my $at = 0;
  while ($at < length $bytes) {
    my $n = syswrite($to, $bytes, length($bytes) - $at, $at);
    if (defined $n) { $at += $n } elsif ($! == $interrupted) { next } else { return 0 }
  }
  return 1;
}
sub send_frame { put($line, $_[0] . pack('N', length $_[1]) . $_[1]) or fail('the guard hung up') }
send_frame('H', join("\0", $user, @ARGV));
my ($credit, $stdin_open, $rest) = (0, 1, '');
while (1) {
  my ($wanted, $ready) = ('', '');
  vec($wanted, fileno($line), 1) = 1;
  vec($wanted, fileno(STDIN), 1) = 1 if $stdin_open && $credit > 0;
  next if select($ready = $wanted, undef, undef, undef) < 0;
  if (vec($ready, fileno($line), 1)) {
    my $n = sysread($line, $rest, 131072, length $rest);
    next if !defined $n && $! == $interrupted;
    fail('the sandbox ended without an answer') if !$n;
    while (length $rest >= 5) {
      my ($type, $length) = unpack('a N', $rest);
      last if length $rest < 5 + $length;
      my $payload = substr($rest, 5, $length);
      substr($rest, 0, 5 + $length, '');
      if ($type eq 'O') { put(\*STDOUT, $payload) or exit 255 }
      elsif ($type eq 'X') { put(\*STDERR, $payload) or exit 255 }
      elsif ($type eq 'W') { $credit += unpack('N', $payload) }
      elsif ($type eq 'Q') { exit unpack('C', $payload) }
    }
  }
  if ($stdin_open && $credit > 0 && vec($ready, fileno(STDIN), 1)) {
    my $n = sysread(STDIN, my $bytes, $credit < 65536 ? $credit : 65536);
    next if !defined $n && $! == $interrupted;
    if ($n) { $credit -= $n; send_frame('I', $bytes) }
    else { $stdin_open = 0; send_frame('E', '') }
  }
}
`
