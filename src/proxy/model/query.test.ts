import { describe, expect, it } from 'vitest'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { queryProblem } from './query.ts'

describe('the query of a call', () => {
  it.each(['', '?alt=sse', '?beta=true', '?api-version=2025-04-01-preview', '?pageSize=5&pageToken=abc.d-e', '?limit=20&after_id=x'])(
    'passes when the APIs know it: %j',
    (query) => expect(queryProblem(query, fakeContent)).toBeNull(),
  )

  it.each([
    ['?key=x', /header/],
    ['?alt=sse&KEY=x', /header/],
    ['?api_key=x', /header/],
    ['?access_token=x', /header/],
    ['?$httpHeaders=x', /parameter that is not passed on/],
    ['?%24alt=proto', /parameter that is not passed on/],
    ['?alt=proto', /sse or json/],
    ['?limit=a b', /a value/],
    [`?limit=${'9'.repeat(201)}`, /a value/],
    [`?pageToken=${sampleSecret}`, /a value/],
  ])('is refused when it carries more: %j', (query, why) => {
    expect(queryProblem(query, fakeContent)).toMatch(why)
    expect(queryProblem(query, fakeContent)).not.toContain(sampleSecret)
  })
})
