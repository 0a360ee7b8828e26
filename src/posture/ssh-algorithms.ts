/**
 * Names that are broken rather than old, each with who broke it; no default list of OpenSSH since 7.6 holds one. Taste
 * (an order, a favourite curve) is left to the operator.
 */

/** CBC: CVE-2008-5161; RC4: RFC 7465; 64-bit blocks: CVE-2016-2183. */
export const weakCiphers = /cbc|arcfour|3des|blowfish|cast128|rijndael|^none$/
/** MD5 and RIPEMD-160 are retired, 96 bits of a tag are too few (RFC 9142, RFC 6151). */
export const weakMacs = /md5|ripemd|-96|^none$/
/** 1024-bit groups: CVE-2015-4000; SHA-1: RFC 9142. */
export const weakKeyExchanges = /group1-|-sha1$|-sha1-|rsa1024/

/** Does an algorithm list add one of them? `+` and `^` add to the defaults, `-` takes away. */
export function offersWeak(list: string, weak: RegExp): boolean {
  if (list.startsWith('-')) return false
  return list.replace(/^[+^]/, '').split(',').some((name) => weak.test(name.trim().toLowerCase()))
}
