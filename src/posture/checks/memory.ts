import type { Check } from '../check.ts'
import folderPrivate from './memory/folder-private.ts'
import noCredentials from './memory/no-credentials.ts'
import noForeignOrders from './memory/no-foreign-orders.ts'
import noHiddenCharacters from './memory/no-hidden-characters.ts'
import notWritableByOthers from './memory/not-writable-by-others.ts'

export const memory: readonly Check[] = [folderPrivate, noCredentials, noForeignOrders, noHiddenCharacters, notWritableByOthers]
