import { isRecord } from '../../base/index.ts'
import { posix } from 'node:path'
import type { FactReader } from '../subject.ts'
import { readTolerantly } from './config-text.ts'

/** MCP servers of the registry that any shell of the gateway's user reads, beside those of the configuration. */
export interface McporterFacts {
  names: readonly string[]
}

export const mcporter: FactReader<McporterFacts> = {
  async read({ files, stateDir }) {
    const path = stateDir === null ? null : posix.join(stateDir, 'skills/config/mcporter.json')
    const text = path === null ? null : await files.text(path)
    if (text === null) return { names: [] }
    const { value: document, problems } = readTolerantly(text)
    if (problems[0] !== undefined) throw new Error(`${path} cannot be understood: ${problems[0].at}, ${problems[0].message}`)
    const servers = isRecord(document) && isRecord(document['mcpServers']) ? document['mcpServers'] : {}
    return { names: Object.entries(servers).flatMap(([name, server]) => (isRecord(server) && server['enabled'] === false ? [] : [name])) }
  },
}
