import type { Check } from '../check.ts'
import foldersTrusted from './skills/folders-trusted.ts'
import insideWorkspace from './skills/inside-workspace.ts'
import noInstallScripts from './skills/no-install-scripts.ts'
import notPickedUpUnasked from './skills/not-picked-up-unasked.ts'
import notWritableByOthers from './skills/not-writable-by-others.ts'

export const skills: readonly Check[] = [foldersTrusted, insideWorkspace, noInstallScripts, notPickedUpUnasked, notWritableByOthers]
