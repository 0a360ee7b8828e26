#!/usr/bin/env node
// OpenClaw runs this as an exec provider of secrets: it passes the request from stdin to the guard's socket, named as
// the only argument, and the answer to stdout. It decides nothing and keeps nothing; the guard gives only what is listed
// and only while no agent can act. It prints no reason on failure, because OpenClaw logs what a provider prints.
import { connect } from 'node:net'

// OpenClaw waits five seconds for a provider. A guard that cannot answer in four will not in five.
const deadlineMs = 4000

const timer = setTimeout(() => process.exit(1), deadlineMs)
const guard = connect(process.argv[2] ?? '')
guard.on('error', () => process.exit(1))
guard.on('end', () => clearTimeout(timer))
guard.pipe(process.stdout)

let request = ''
for await (const chunk of process.stdin.setEncoding('utf8')) request += chunk
// The guard reads one line; nothing in JSON needs a line break.
guard.write(`${request.replaceAll(/[\r\n]+/g, ' ')}\n`)
