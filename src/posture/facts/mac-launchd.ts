import { posix } from 'node:path'
import { parseBinaryPlist, type Machine, type PlistValue } from '../../host/index.ts'

/** A job of launchd that runs OpenClaw. */
export interface LaunchdJob {
  path: string
  label: string
  /** Started for the whole machine, before anybody logs in. */
  isDaemon: boolean
  /** User it runs as, where the file says so: a daemon without one is root. */
  user: string | null
  /** Names in its environment, never values. */
  environment: readonly string[]
  mode: number
}

// Labels of OpenClaw and its two earlier names: OpenClaw docs, platforms/macos and gateway/service.
const ours = /^(?:ai\.openclaw\.|bot\.molt\.|com\.clawdbot\.|com\.openclaw\.).*\.plist$/

/** Every job of OpenClaw, of the person who asks and of the machine. @throws Error for a file that is neither of its two forms */
export async function readLaunchd(machine: Machine): Promise<readonly LaunchdJob[]> {
  const folders = [posix.join(machine.home, 'Library/LaunchAgents'), '/Library/LaunchAgents', '/Library/LaunchDaemons']
  const jobs: LaunchdJob[] = []
  for (const folder of folders) {
    for (const name of ((await machine.names(folder)) ?? []).filter((file) => ours.test(file))) {
      const path = posix.join(folder, name)
      const [text, status] = [await machine.text(path), await machine.status(path)]
      if (text === null || status === null) continue
      const values = text.startsWith('bplist') ? await binaryPlist(machine, path) : parsePlist(text, path)
      const environment = values['EnvironmentVariables']
      jobs.push({
        path,
        label: textOf(values['Label']) ?? name.replace(/\.plist$/, ''),
        isDaemon: folder === '/Library/LaunchDaemons',
        user: textOf(values['UserName']),
        environment: typeof environment === 'object' && !Array.isArray(environment) ? Object.keys(environment) : [],
        mode: status.mode,
      })
    }
  }
  return jobs
}

async function binaryPlist(machine: Machine, path: string): Promise<{ readonly [key: string]: PlistValue }> {
  const bytes = (await machine.bytes?.(path)) ?? null
  if (bytes === null) throw new Error(`${path} is in the binary format: plutil -convert xml1 -o - ${path}`)
  const value = parseBinaryPlist(bytes)
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${path} is no dictionary`)
  return value as { readonly [key: string]: PlistValue }
}

type Plist = string | boolean | readonly Plist[] | { readonly [key: string]: Plist }

const textOf = (value: Plist | undefined): string | null => (typeof value === 'string' ? value : null)

/**
 * The XML form of a property list (plist(5)): dict, array, string, integer, real, true, false; anything else is text.
 * @throws Error for another form, or one that ends too early
 */
export function parsePlist(text: string, path: string): { readonly [key: string]: Plist } {
  if (text.startsWith('bplist')) throw new Error(`${path} is in the binary format: plutil -convert xml1 -o - ${path}`)
  const tokens = [...text.replaceAll(/<!--[\s\S]*?-->|<\?[^>]*\?>|<!DOCTYPE[^>]*>/g, '').matchAll(/<(\/?)(\w+)[^>]*?(\/?)>|([^<]+)/g)].map(([, close, tag, alone, words]) => ({ close: close === '/', alone: alone === '/', tag: tag ?? '', words: words ?? '' })).filter(({ tag, words }) => tag !== '' || words.trim() !== '')
  const reader = { at: tokens.findIndex(({ tag }) => tag === 'plist') + 1, tokens, depth: 0 }
  const value = readValue(reader)
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${path} is no dictionary`)
  return value as { readonly [key: string]: Plist }
}

interface Reader {
  at: number
  depth: number
  tokens: readonly { close: boolean; alone: boolean; tag: string; words: string }[]
}

// A job has three; more is made to exhaust the stack.
const maxDepth = 32

function readValue(reader: Reader): Plist {
  const token = reader.tokens[reader.at++]
  if (token === undefined || token.close || token.tag === '' || reader.depth++ > maxDepth) throw new Error('the property list ends too early or is too deep')
  try {
    if (token.tag === 'true' || token.tag === 'false') return skipEnd(reader, token.alone, token.tag === 'true')
    if (token.tag === 'dict') return token.alone ? {} : readDictionary(reader)
    if (token.tag === 'array') return token.alone ? [] : readArray(reader)
    return token.alone ? '' : readText(reader)
  } finally {
    reader.depth--
  }
}

function readDictionary(reader: Reader): Plist {
  const values: Record<string, Plist> = Object.create(null) as Record<string, Plist>
  while (!isEnd(reader)) {
    if (reader.tokens[reader.at++]?.tag !== 'key') throw new Error('a dictionary of the property list has no key')
    const key = readText(reader)
    values[key] = readValue(reader)
  }
  return values
}

function readArray(reader: Reader): Plist {
  const values: Plist[] = []
  while (!isEnd(reader)) values.push(readValue(reader))
  return values
}

function readText(reader: Reader): string {
  let text = ''
  while (!isEnd(reader)) text += reader.tokens[reader.at++]!.words
  return text.trim().replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&')
}

/** Steps over an end. @throws Error behind the last token, so that nothing runs on for ever */
function isEnd(reader: Reader): boolean {
  const token = reader.tokens[reader.at]
  if (token === undefined) throw new Error('the property list ends too early')
  if (token.close) reader.at++
  return token.close
}

function skipEnd(reader: Reader, alone: boolean, value: boolean): boolean {
  if (!alone) isEnd(reader)
  return value
}
