import { defineCheck } from '../../check.ts'
import { valueOf } from '../../config-values.ts'
import { secretReference } from '../../secret-reference.ts'

const places = ['gateway.auth.token', 'gateway.auth.password', 'hooks.token']

export default defineCheck({
  id: 'auth.references-resolve',
  title: 'what login secrets refer to could be seen to exist',
  severity: 'info',
  why: 'a reference to nothing leaves the gateway without a secret: it does not start, or starts with one of its own',
  source: 'OpenClaw docs, gateway/secrets/runtime-model',
  covers: ['gateway.http.no_auth'],
  needs: ['config', 'environment'],
  judge: ({ config, environment }) =>
    places.flatMap((at) => {
      const reference = secretReference(valueOf(config, at))
      if (reference === null || (reference.source === 'env' && environment.places[reference.id] !== undefined)) return []
      const saw = reference.source === 'env' ? `the variable ${reference.id}, set in no file that was looked into` : `a secret of kind ${reference.source}, which only OpenClaw resolves`
      return [{ at, saw, want: 'a secret that is there when the gateway starts' }]
    }),
  manual: 'openclaw secrets audit, as the user and with the environment of the service',
  examples: {
    pass: {
      set: { config: { gateway: { auth: { token: '${TOKEN_OF_GATEWAY}' } } }, files: { '$STATE/.env': 'TOKEN_OF_GATEWAY=is-there\n' } },
      none: { config: {} },
    },
    fail: { nowhere: { config: { gateway: { auth: { token: '${TOKEN_OF_GATEWAY}' } } } }, file: { config: { gateway: { auth: { token: { source: 'file', provider: 'x', id: '/t' } } } } } },
  },
})
