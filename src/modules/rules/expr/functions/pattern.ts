import { RE2JS } from "@bufbuild/re2";

const longest = 1_000;
const kept = 200;
const compiled = new Map<string, Pattern | string>();

export interface Pattern {
  test(text: string): boolean;
}

/**
 * A pattern of RE2 syntax, searched for anywhere in a text in time linear in its length; or what is wrong with it.
 * The last few hundred are remembered.
 */
export function findPattern(source: string): Pattern | string {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const fresh = compilePattern(source);
  if (compiled.size >= kept) compiled.clear();
  compiled.set(source, fresh);
  return fresh;
}

export function isPattern(pattern: Pattern | string): pattern is Pattern {
  return typeof pattern !== "string";
}

function compilePattern(source: string): Pattern | string {
  if (source.length > longest) return `The pattern is longer than ${longest} characters.`;
  try {
    return RE2JS.compile(source);
  } catch (error) {
    return `This is not an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`;
  }
}
