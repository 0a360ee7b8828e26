import { expect, it } from 'vitest'
import { pathAtProvider } from './provider-path.ts'

it.each([
  ['https://api.openai.com', '/v1/chat/completions', '/v1/chat/completions'],
  ['https://openrouter.ai/api', '/v1/responses', '/api/v1/responses'],
  ['https://api.z.ai/api/paas/v4', '/v1/chat/completions', '/api/paas/v4/chat/completions'],
  ['https://generativelanguage.googleapis.com/v1beta/openai/', '/v1/models', '/v1beta/openai/models'],
  ['https://gateway.example/v1/account/anthropic', '/v1/messages?beta=true', '/v1/account/anthropic/v1/messages?beta=true'],
  ['https://generativelanguage.googleapis.com', '/v1beta/models/m:countTokens', '/v1beta/models/m:countTokens'],
  ['https://host.example/venv', '/v1/chat/completions', '/venv/v1/chat/completions'],
])('a provider at %s is called at its own version: %s', (baseUrl, target, path) => {
  expect(pathAtProvider(baseUrl, target)).toBe(path)
})
