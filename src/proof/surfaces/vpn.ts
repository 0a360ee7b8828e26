import { broken, held, type Surface } from '../surface.ts'

/** The tunnel without which nothing may leave is there, and its routes lead through it. Only where one is required. */
export function vpnSurface(ports: { check: () => Promise<{ up: true; detail: string } | { up: false; reason: string; hint: string }> }): Surface {
  return {
    id: 'vpn',
    title: 'the required VPN is up, and what must go through it does',
    async prove() {
      const verdict = await ports.check()
      return verdict.up ? held(verdict.detail) : broken(`${verdict.reason}; next: ${verdict.hint}`)
    },
  }
}
