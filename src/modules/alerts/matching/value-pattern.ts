import { RE2JS } from "@bufbuild/re2";

const maxLength = 1024;
const remembered = 512;
const literals = /^[\p{L}\p{N}_ :/@%,=-]*(\|[\p{L}\p{N}_ :/@%,=-]*)*$/u;

/**
 * A test for whole label values by an RE2 pattern, anchored at both ends: linear in the value, whatever the pattern.
 * Throws `SyntaxError` with the reason when the pattern is not one.
 */
export function valuePattern(source: string): (value: string) => boolean {
  if (source.length > maxLength) throw new SyntaxError(`a pattern may have ${maxLength} characters at most`);
  if (literals.test(source)) {
    const values = new Set(source.split("|"));
    return (value) => values.has(value);
  }
  const pattern = compile(source);
  const answers = new Map<string, boolean>();
  return (value) => {
    const known = answers.get(value);
    if (known !== undefined) return known;
    const answer = pattern.testExact(value);
    if (answers.size >= remembered) answers.clear();
    answers.set(value, answer);
    return answer;
  };
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : "the pattern can't be read");
  }
}
