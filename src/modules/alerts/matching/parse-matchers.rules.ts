import { Matcher } from "../../../../contracts/alerts.ts";

const most = 32;
/** A name, an operator and a value; names and values may be quoted as JSON strings, and must be where they hold commas. */
const one = /^\s*("(?:[^"\\]|\\.)*"|[^\s"=!~,{}]+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^",]*?)\s*(?:,|$)/;

/**
 * Reads matchers as Prometheus writes them: `severity="critical",host=~db-.*`, in braces or without.
 * @throws SyntaxError with the place that can't be read
 */
export function parseMatchers(text: string): Matcher[] {
  const found: Matcher[] = [];
  let rest = text.trim().replace(/^\{(.*)\}$/s, "$1");
  while (rest.trim() !== "") {
    const [all, name = "", op, value = ""] = one.exec(rest) ?? [];
    const matcher = Matcher.safeParse({ name: plain(name), op, value: plain(value) });
    if (all === undefined || !matcher.success)
      throw new SyntaxError(`Not a matcher: ${rest.slice(0, 60)}. Write severity="critical",host=~"db-.*".`);
    found.push(matcher.data);
    if (found.length > most) throw new SyntaxError(`${most} matchers are the limit.`);
    rest = rest.slice(all.length);
  }
  return found;
}

function plain(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
