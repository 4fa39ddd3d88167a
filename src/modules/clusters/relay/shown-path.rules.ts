const secretNames = /token|secret|password|passwd|key|signature|credential|^sig$|^auth/i;
const mostCharacters = 1000;

/** A path for a log: without the values of query fields that may be secrets, and of a bearable length. */
export function shownCallPath(path: string): string {
  const [before = "", query] = path.split("?", 2);
  if (query === undefined) return before.slice(0, mostCharacters);
  const shown = query
    .split("&")
    .map((field) => {
      const [name = ""] = field.split("=", 1);
      return secretNames.test(decoded(name)) ? `${name}=…` : field;
    })
    .join("&");
  return `${before}?${shown}`.slice(0, mostCharacters);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
