import { describe, expect, it } from 'vitest'
import { contentErrors } from '../content/index.ts'
import * as sdk from './index.ts'

describe('the library', () => {
  it('offers what the guide imports', () => {
    const { Agent, InputValidator, OutputSanitizer, ValidationError, redactSecrets, validateTask } = sdk
    const offered = [Agent, InputValidator, OutputSanitizer, ValidationError, redactSecrets, validateTask]
    expect(offered.map((one) => typeof one)).toEqual(Array.from({ length: 6 }, () => 'function'))
  })

  it('runs the example of the guide', () => {
    const validator = new sdk.InputValidator({ maxLength: 4096, allowHtml: false, allowMarkdown: true })
    const clean = validator.validate('Summarise <b>this</b> report')
    expect(new sdk.OutputSanitizer().sanitize(`<p>${clean}</p>`)).toBe('<p>Summarise this report</p>')
  })

  it('throws errors that belong to one family and are in the table', () => {
    const error = new sdk.ValidationError('html', 'x')
    expect(error).toBeInstanceOf(sdk.HardshellError)
    expect(Object.keys(contentErrors)).toContain(error.code)
  })
})
