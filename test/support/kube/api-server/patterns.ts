/** What a pattern's `{name}` parts matched, or undefined where the path is another. */
export type PathMatcher = (segments: readonly string[]) => Record<string, string> | undefined;

/** `/a/{one}/{rest*}`: `{one}` is a segment, `{rest*}` all that remains. */
export function pathMatcher(pattern: string): PathMatcher {
  const parts = pattern.split("/").filter((part) => part !== "");
  const last = parts.at(-1) ?? "";
  const takesRest = last.startsWith("{") && last.endsWith("*}");
  const fixed = takesRest ? parts.slice(0, -1) : parts;
  return (segments) => {
    if (takesRest ? segments.length < fixed.length : segments.length !== fixed.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of fixed.entries()) {
      const segment = segments[index] ?? "";
      if (part.startsWith("{") && part.endsWith("}")) params[part.slice(1, -1)] = segment;
      else if (part !== segment) return undefined;
    }
    if (takesRest) params[last.slice(1, -2)] = segments.slice(fixed.length).join("/");
    return params;
  };
}

/** The decoded segments of a path; undefined where it is not well encoded. */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
