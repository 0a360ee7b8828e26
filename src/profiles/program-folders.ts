import { dirname } from 'node:path'
import type { InstallationFacts } from './facts.ts'

/** What has to be readable for a program of ours, and for OpenClaw, to start. */
export function programFolders({ programs }: InstallationFacts): string[] {
  return [programs.node, programRoot(programs.hardshell), packageFolder(programs.openclaw)]
}

/** The folder a program needs whole: that of its package, with `node_modules` beside or in it. */
function programRoot(program: string): string {
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder)) {
    if (/\/(src|dist)$/.test(folder)) return dirname(folder)
  }
  return dirname(program)
}

/** From `…/node_modules/openclaw/openclaw.mjs` to the `node_modules` its dependencies are found in. */
function packageFolder(entry: string): string {
  const at = entry.lastIndexOf('/node_modules/')
  return at === -1 ? dirname(entry) : entry.slice(0, at + '/node_modules'.length)
}
