/**
 * The machine: its packet filter, namespaces, users and programs. Each file reads or changes one thing of the system
 * and decides nothing; whoever changes something says so first, and how it is taken back.
 */
export { hostErrors } from './errors.ts'
export { machineBelow, thisMachine, type FileStatus, type Machine } from './machine.ts'
export { accountOf, mayLogIn, type Account } from './users.ts'
export { ancestorUids, findProgram, mustRun, parentOf, processesOf, runProgram, uidsOfProgram, type Ran, type RunOptions, type RunProgram } from './processes.ts'
export { createNftables, type Counted, type Nftables, type TableName } from './nftables.ts'
export { enterCommand, netnsExists, netnsOf, netnsPath } from './namespaces.ts'
export { interfaceWith, linkOf, routeTo, type LinkFact, type Route, type RouteFact } from './network.ts'
export { parseResolvConf, systemResolvers, type Resolvers } from './resolv.ts'
export { readTunnels, type Tunnel, type TunnelFacts, type TunnelPorts } from './vpn.ts'
export { judgeVpn, type RequiredRoute, type VpnCondition, type VpnVerdict } from './vpn-condition.ts'
