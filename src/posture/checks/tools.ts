import type { Check } from '../check.ts'
import controlPlaneDenied from './tools/control-plane-denied.ts'
import filesInWorkspace from './tools/files-in-workspace.ts'
import minimalNotOverridden from './tools/minimal-not-overridden.ts'
import profileChosen from './tools/profile-chosen.ts'
import subagentsDenied from './tools/subagents-denied.ts'
import webApartFromShell from './tools/web-apart-from-shell.ts'

export const tools: readonly Check[] = [controlPlaneDenied, filesInWorkspace, minimalNotOverridden, profileChosen, subagentsDenied, webApartFromShell]
