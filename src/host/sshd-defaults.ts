/** Keywords of which every line counts, not only the first (servconf.c). */
export const sshdLists: ReadonlySet<string> = new Set([
  'acceptenv', 'allowgroups', 'allowusers', 'denygroups', 'denyusers', 'hostkey', 'listenaddress', 'port', 'setenv', 'subsystem',
])

/** The one keyword where OpenSSH 9.2 takes the last line (seen with `sshd -T`). */
export const sshdLastWins: ReadonlySet<string> = new Set(['maxstartups'])

/**
 * What holds where nothing is said: `sshd -T` with an empty file, OpenSSH 9.2 and 10.0 as Debian 12 and 13 build them.
 * The two agree on all of these. Lists of algorithms are left out: no default of either is weak.
 */
export const sshdDefaults: Readonly<Record<string, string>> = {
  addressfamily: 'any',
  allowagentforwarding: 'yes',
  allowstreamlocalforwarding: 'yes',
  allowtcpforwarding: 'yes',
  authorizedkeysfile: '.ssh/authorized_keys .ssh/authorized_keys2',
  banner: 'none',
  clientalivecountmax: '3',
  clientaliveinterval: '0',
  compression: 'yes',
  disableforwarding: 'no',
  gatewayports: 'no',
  gssapiauthentication: 'no',
  hostbasedauthentication: 'no',
  ignorerhosts: 'yes',
  ignoreuserknownhosts: 'no',
  kbdinteractiveauthentication: 'yes',
  kerberosauthentication: 'no',
  logingracetime: '120',
  loglevel: 'INFO',
  maxauthtries: '6',
  maxsessions: '10',
  maxstartups: '10:30:100',
  passwordauthentication: 'yes',
  permitemptypasswords: 'no',
  permitrootlogin: 'without-password',
  permittty: 'yes',
  permittunnel: 'no',
  permituserenvironment: 'no',
  port: '22',
  printmotd: 'yes',
  pubkeyauthentication: 'yes',
  strictmodes: 'yes',
  syslogfacility: 'AUTH',
  tcpkeepalive: 'yes',
  usedns: 'no',
  usepam: 'no',
  x11forwarding: 'no',
  x11uselocalhost: 'yes',
}
