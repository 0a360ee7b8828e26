import { unwantedCheck } from '../../unwanted-services.ts'

export default unwantedCheck({
  id: 'services.no-clear-text-logins',
  title: 'no service takes passwords in clear text',
  severity: 'high',
  why: 'what is typed into telnet, rsh or ftp is read by everybody on the way',
  source: 'CIS Debian Linux 12 Benchmark, 2.1 and 2.2 (telnet, rsh, ftp, tftp, xinetd, nis)',
  units: ['telnet.socket', 'telnetd.service', 'inetutils-telnetd.service', 'telnet.inetd', 'rsh.socket', 'rlogin.socket', 'rexec.socket', 'shell.inetd', 'login.inetd', 'vsftpd.service', 'proftpd.service', 'pure-ftpd.service', 'tftpd-hpa.service', 'ypserv.service'],
})
