/** What a package file and npm's settings must say. */
interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  engines?: { node?: string }
}

/** Dependencies that could change without anybody changing them. */
export function looseVersions(manifest: Manifest): string[] {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
  return Object.entries(all)
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}: ${version} is not one version`)
}

/** Settings of npm without which an installed package could run code, or a version could drift. */
export function missingSettings(npmrc: string): string[] {
  const lines = npmrc.split('\n').map((line) => line.replaceAll(' ', ''))
  return ['ignore-scripts=true', 'save-exact=true'].filter((setting) => !lines.includes(setting))
}

/** The parts of a lock file that say where a package's bytes come from. */
interface Lock {
  packages: Record<string, { integrity?: string; resolved?: string; link?: boolean; inBundle?: boolean }>
}

/** Packages of a lock file that nothing vouches for, or that are bound to one package index. */
export function unprovenPackages(lock: Lock): string[] {
  return Object.entries(lock.packages).flatMap(([path, { integrity, resolved, link, inBundle }]) => {
    if (!path.includes('node_modules/') || link || inBundle) return [] // a bundled one is part of its parent's sum
    if (!integrity?.startsWith('sha512-')) return [`${path}: no SHA-512`]
    return resolved === undefined ? [] : [`${path}: bound to the package index of ${resolved}`]
  })
}
