/**
 * Services that show whoever set them up every request they get. Any address there that names a bin, a token or data
 * is a message to its owner. Collected from the services' own pages in November 2026; not complete, and it need not
 * be: hosts of the attacker's own are found by what is sent to them.
 */
const collectors: readonly string[] = [
  'webhook.site',
  'requestbin.com',
  'requestbin.net',
  'requestcatcher.com',
  'pipedream.net',
  'beeceptor.com',
  'hookbin.com',
  'hookb.in',
  'webhook.cool',
  'webhook-test.com',
  'typedwebhook.tools',
  'mockbin.org',
  'postb.in',
  'ptsv2.com',
  'ptsv3.com',
  'oast.pro',
  'oast.live',
  'oast.site',
  'oast.online',
  'oast.fun',
  'oast.me',
  'interact.sh',
  'burpcollaborator.net',
  'oastify.com',
  'dnslog.cn',
  'ceye.io',
  'bxss.me',
  'xss.report',
  'canarytokens.com',
  'grabify.link',
  'iplogger.org',
  'iplogger.com',
  '2no.co',
]

/** Is it one of them, and more than its front page? */
export function isCollector({ hostname, pathname, search }: URL): boolean {
  const own = collectors.find((host) => hostname === host || hostname.endsWith(`.${host}`))
  return own !== undefined && (hostname !== own || pathname.length > 1 || search.length > 1)
}
