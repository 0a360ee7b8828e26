/**
 * Ports OpenClaw opens by itself where nobody says another: the gateway, the one behind it (MCP apps, once the bridge),
 * browser control at gateway + 2 (docs, cli/mcp/apps and tools/browser/configuration), the canvas host of older versions.
 */
export const gatewayPorts: readonly number[] = [18789, 18790, 18791, 18793]

/** What a front in the way hands requests on to: OpenClaw, or the guard's own door (`server.listen`). */
export const frontPorts: readonly number[] = [...gatewayPorts, 18700]
