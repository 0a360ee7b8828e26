import type { Repository, RepositoryFacts } from './facts/repositories.ts'

/** Every repository. @throws Error when one could not be read: what nobody looked at is not clean */
export function readRepositories({ found, unread }: RepositoryFacts): readonly Repository[] {
  if (unread[0]) throw new Error(`${unread[0].path} could not be looked into: ${unread[0].why}`)
  return found
}
