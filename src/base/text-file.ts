import { readFile } from 'node:fs/promises'
import { isNodeError } from './errors.ts'

/** The text of a file, `null` when it is not there. @throws the operating system's error for everything else */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return null
    throw error
  }
}
