import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from "json-p3";
import type { Json } from "../../../kernel/json.ts";

/** RFC 9535 without regular expressions and node counts, so that a query costs no more than a walk over the document. */
const environment = new JSONPathEnvironment({ maxRecursionDepth: 64 });
for (const name of ["match", "search", "count", "value"]) environment.functionRegister.delete(name);

/** What may stand in a query once: each nested in another of its kind would walk the document again and again. */
const onceOnly = [
  { sign: "..", what: "descendant segment" },
  { sign: "?", what: "filter" },
  { sign: "$", what: "root" },
];

export type PathOutcome =
  | { readonly ok: true; readonly select: (value: Json) => Json[] }
  | { readonly ok: false; readonly message: string };

/** Compiles a JSONPath query (RFC 9535). `select` answers the values of its nodes and throws on a document that is too deep. */
export function compilePath(text: string): PathOutcome {
  const unquoted = text.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  const twice = onceOnly.find(({ sign }) => unquoted.split(sign).length > 2);
  if (twice !== undefined) return { ok: false, message: `A query may have one ${twice.what} only.` };
  try {
    const query: JSONPathQuery = environment.compile(text);
    return { ok: true, select: (value) => query.query(value as JSONValue).values() as Json[] };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message.slice(0, 300) : "It can't be read." };
  }
}
