/**
 * The DNS filter: only approved names resolve for OpenClaw and what it starts. A resolver on loopback, UDP and TCP,
 * that judges every question by the egress policy, asks the system's resolver or a service over HTTPS for what is
 * approved, and refuses the rest.
 *
 * It promises: a name nobody approved never leaves the machine as a question; no answer leads to a private address
 * the operator did not allow; of what a resolver sends only the records that answer the question are passed on;
 * paused or unproven means refused; nothing a client or a resolver sends makes it fall over; the log stays short
 * however much is asked.
 *
 * It cannot see questions that are never put to it: the kernel has to lead port 53 here (`hardshell isolate`). Below
 * an approved wildcard a name can still carry data; that is noticed by its shape, not prevented.
 */
export { createDnsFilter, type DnsFilter, type DnsOptions, type DnsPorts } from './dns-filter.ts'
export type { NameRule } from './filter.ts'
export { errors as dnsErrors } from './errors.ts'
export type { DnsCounts } from './counts.ts'
export type { HttpsServer } from './upstream/https.ts'
