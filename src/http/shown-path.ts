/** A path as problems and logs show it: without the token of a source's address. */
export function shownPath(path: string): string {
  return path.replace(/^(\/in\/[^/]+)\/.*$/s, "$1");
}
