import { importsOf } from './syntax.ts'
import { isCode, type File } from './tree.ts'

/** What the plugin brings into OpenClaw's process besides itself. It may bring nothing. */
export function baggage(files: readonly File[]): string[] {
  const manifest = files.find(({ path }) => path === 'plugin/package.json')
  const { dependencies, optionalDependencies } = manifest ? JSON.parse(manifest.text) : {}
  const wanted = Object.keys({ ...dependencies, ...optionalDependencies })
  return [
    ...wanted.map((name) => `plugin/package.json: depends on ${name}`),
    ...files.filter(({ path }) => isCode(path) && !path.endsWith('.test.ts')).flatMap((file) =>
      importsOf(file)
        .filter(({ from, path }) => !(path?.startsWith('plugin/') || /^(node:|openclaw\/plugin-sdk(\/|$))/.test(from)))
        .map(({ from }) => `${file.path}: imports ${from}`),
    ),
  ]
}
