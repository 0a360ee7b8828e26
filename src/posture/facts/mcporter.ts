import { posix } from 'node:path'
import { isRecord } from '../agent-scopes.ts'
import type { FactReader } from '../subject.ts'

/** MCP servers of the registry that any shell of the gateway's user reads, beside those of the configuration. */
export interface McporterFacts {
  names: readonly string[]
}

export const mcporter: FactReader<McporterFacts> = {
  async read({ files, stateDir }) {
    const path = stateDir === null ? null : posix.join(stateDir, 'skills/config/mcporter.json')
    const text = path === null ? null : await files.text(path)
    if (text === null) return { names: [] }
    const document: unknown = JSON.parse(text)
    const servers = isRecord(document) && isRecord(document['mcpServers']) ? document['mcpServers'] : {}
    return { names: Object.entries(servers).flatMap(([name, server]) => (isRecord(server) && server['enabled'] === false ? [] : [name])) }
  },
}
