import net from 'node:net'

/**
 * The line to the guard: one unix socket, one JSON object a line, answers matched by id.
 *
 * It keeps two promises to the gateway it lives in. Every question is answered within its deadline, with a refusal
 * when nobody else answers; and nothing of it (socket, timer, promise) ever holds the process open or a shutdown up.
 *
 * @typedef {import('../src/control/contract.ts').PluginQuestion} Question
 * @typedef {import('../src/control/contract.ts').PluginNotice} Notice
 * @typedef {import('../src/control/contract.ts').PluginAnswer} Answer
 */

// What a tool call may carry and still be judged. OpenClaw's own body limit is 30 MB; arguments that large are no
// arguments anybody reviews. Above it the answer is no.
const maxLineBytes = 4 * 1024 * 1024
// Notices waiting for a guard that is away. They are reports, not questions: losing old ones loses no decision.
const maxQueuedNotices = 1000

export class GuardLine {
  /** @param {string} path @param {number} deadlineMs */
  constructor(path, deadlineMs) {
    this.path = path
    this.deadlineMs = deadlineMs
    this.nextId = 1
    /** @type {Map<number, (answer: Answer) => void>} */
    this.waiting = new Map()
    /** @type {string[]} */
    this.queued = []
    /** @type {net.Socket | null} */
    this.socket = null
    this.connected = false
    this.closed = false
  }

  /**
   * Asks and always gets an answer. Never rejects, never takes longer than the deadline.
   * @param {Question} question @returns {Promise<Answer>}
   */
  ask(question) {
    const id = this.nextId++
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(refusal(`Hardshell did not answer within ${this.deadlineMs} ms`)), this.deadlineMs)
      timer.unref()
      const settle = (/** @type {Answer} */ answer) => {
        clearTimeout(timer)
        this.waiting.delete(id)
        resolve(answer)
      }
      if (this.closed) return settle(refusal('the gateway is shutting down'))
      const line = encode({ ...question, id })
      if (line === null) return settle(refusal('the arguments cannot be judged: larger than 4 MiB, or not data'))
      this.waiting.set(id, settle)
      this.#send(line)
    })
  }

  /** Tells without waiting for anything. @param {Notice} notice */
  tell(notice) {
    if (this.closed) return
    const line = encode(notice)
    if (line !== null) this.#send(line)
  }

  /** Ends the line; everybody still waiting is refused at once. */
  close() {
    this.closed = true
    this.socket?.destroy()
    this.#refuseAll('the gateway is shutting down')
  }

  /** @param {string} line */
  #send(line) {
    if (this.connected && this.socket) {
      this.socket.write(line)
      return
    }
    this.queued.push(line)
    if (this.queued.length > maxQueuedNotices) this.queued.shift()
    this.#connect()
  }

  #connect() {
    if (this.socket) return
    const socket = net.connect({ path: this.path })
    socket.unref() // a line to the guard is no reason for the gateway to stay alive
    this.socket = socket
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => {
      this.connected = true
      for (const line of this.queued.splice(0)) socket.write(line)
    })
    socket.on('data', (chunk) => {
      rest += chunk
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        this.#answer(rest.slice(0, end))
        rest = rest.slice(end + 1)
      }
    })
    socket.on('error', () => {}) // 'close' follows and says it all
    socket.on('close', () => {
      this.socket = null
      this.connected = false
      this.queued = []
      this.#refuseAll('Hardshell is not running')
    })
  }

  /** @param {string} line */
  #answer(line) {
    try {
      const answer = JSON.parse(line)
      this.waiting.get(answer.id)?.(answer)
    } catch {
      this.socket?.destroy() // not our guard's language: everyone waiting is refused by 'close'
    }
  }

  /** @param {string} reason */
  #refuseAll(reason) {
    for (const settle of [...this.waiting.values()]) settle(refusal(reason))
  }
}

/** @param {string} reason @returns {Answer} */
function refusal(reason) {
  return { id: 0, allow: false, rule: 'guard.silent', reason: `${reason}; refused, because a guard that is silent means no` }
}

/** @param {object} message @returns {string | null} */
function encode(message) {
  try {
    const line = `${JSON.stringify(message)}\n`
    return Buffer.byteLength(line) > maxLineBytes ? null : line
  } catch {
    return null // circular or a BigInt: arguments that are not data
  }
}
