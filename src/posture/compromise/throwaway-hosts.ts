/** Hosts where anybody puts text without a name and nobody answers for it tomorrow. */
export const pasteHosts =
  /(?:^|\.)(?:glot\.io|pastebin\.com|rentry\.(?:co|org)|hastebin\.com|controlc\.com|paste\.(?:ee|rs)|dpaste\.(?:org|com)|ghostbin\.\w+|termbin\.com|ix\.io|0x0\.st|transfer\.sh|bashupload\.com|catbox\.moe|bore\.pub|ngrok(?:-free)?\.(?:io|app|dev)|trycloudflare\.com|serveo\.net|loca\.lt|localhost\.run)$/

/**
 * Addresses that take whatever is posted, for somebody to read later. Those of Discord and Telegram need an id to count.
 * What stands before the site is not looked at: a part of any length there makes a long word quadratic.
 */
export const dropAddresses =
  /webhook\.site\/[0-9a-f-]{36}|discord(?:app)?\.com\/api\/webhooks\/\d{5,}|api\.telegram\.org\/bot\d{6,}:|requestbin\.(?:com|net)|pipedream\.net|oast\.(?:fun|live|site|me|pro|online)|interact\.sh|burpcollaborator\.net|beeceptor\.com|requestcatcher\.com|ngrok(?:-free)?\.(?:io|app|dev)|trycloudflare\.com|bore\.pub/gi
