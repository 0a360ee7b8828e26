import { lstatSync, type Stats } from 'node:fs'
import { HardshellError } from '../base/index.ts'
import type { Installation } from './gateway-task.ts'

/**
 * The configuration file of an installation, if it is plainly its owner's: whoever owns the folder decides what lies
 * under the name, so a link, a second name or another owner would lend them our rights.
 * @throws HardshellError `guard.adoption-refused`
 */
export function ownedFile({ configFile, stateDirectory }: Installation): Stats {
  const [file, folder] = [lstatSync(configFile), lstatSync(stateDirectory)]
  if (file.isFile() && file.nlink === 1 && folder.isDirectory() && folder.uid === file.uid) return file
  throw new HardshellError('guard.adoption-refused', `${configFile} is not a plain file of the owner of its folder`, {
    hint: `ls -ld ${stateDirectory} ${configFile}`,
  })
}
