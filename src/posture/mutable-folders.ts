const temporary = ['/tmp', '/var/tmp', '/private/tmp', '/dev/shm']
const ofPackageManagers = ['/usr/local/bin', '/opt/homebrew/bin', '/opt/local/bin', '/home/linuxbrew/.linuxbrew/bin']

/** Folders everybody writes, and paths that mean another place wherever the process stands. */
export function isTemporaryFolder(path: string): boolean {
  const folder = path.trim().replaceAll('\\', '/').toLowerCase()
  if (folder === '') return false
  const absolute = folder.startsWith('/') || folder.startsWith('~/') || folder === '~' || /^[a-z]:\//.test(folder)
  return !absolute || temporary.some((one) => folder === one || folder.startsWith(`${one}/`))
}

/** Those, and folders the person or a package manager writes: the rule of OpenClaw's own audit for trusted folders. */
export function isMutableFolder(path: string): boolean {
  const folder = path.trim().replaceAll('\\', '/').toLowerCase().replace(/(?<=.)\/$/, '')
  if (isTemporaryFolder(folder) || ofPackageManagers.includes(folder)) return true
  return /^(?:~|\/users\/|\/home\/|[a-z]:\/users\/)/.test(folder) || folder.includes('/.local/bin')
}
