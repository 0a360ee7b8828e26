/**
 * What to say about each way YAML can break. The parser's own messages quote the text around the place, which may be
 * a secret, so we use our own. Source of the codes: `ErrorCode` of the package yaml 2.9.
 */
const messages: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (`*name`) is malformed; a value that begins with * is put into double quotes',
  BAD_COLLECTION_TYPE: 'a list or map is tagged as something else; tags are not used here',
  BAD_DIRECTIVE: 'directives (`%NAME`) are not used here',
  BAD_DQ_ESCAPE:
    'a backslash in double quotes begins an escape YAML does not know: double the backslash, or use single quotes',
  BAD_INDENT:
    'the indentation does not fit, or a bracket or quote before it was not closed: keys that belong together begin ' +
    'in the same column, what belongs to a key is indented further',
  BAD_PROP_ORDER: 'an anchor or tag is in the wrong place; neither is used here',
  BAD_SCALAR_START: 'a value cannot begin with this character: put it into double quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'two settings on one line, or a value that contains `: `: put the value into double quotes, or the setting on a ' +
    'line of its own',
  BLOCK_IN_FLOW: 'an indented list or map cannot stand inside [ ] or { }',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'something is missing here: a closing quote, a bracket, a comma, or the colon after a key',
  MULTILINE_IMPLICIT_KEY: 'a key has to end on its line: a colon, or a closing quote, is missing',
  MULTIPLE_DOCS: 'a second document begins here (`---`): one file is one document',
  NON_STRING_KEY: 'a key has to be a plain name',
  RESOURCE_EXHAUSTION: 'nested so deeply that it cannot be read',
  TAB_AS_INDENT: 'a tab is used for indentation: YAML accepts spaces only',
  TAG_RESOLVE_FAILED: 'a value does not fit its tag (`!name`); tags are not used here',
  UNEXPECTED_TOKEN: 'this does not belong here: check the quotes, brackets and indentation before it',
}

/** A sentence for one of the parser's codes. */
export function syntaxMessage(code: string): string {
  return messages[code] ?? 'this is not YAML'
}
