import * as z from "zod";
import { type FieldProblem, fieldProblems, jsonPointer, problem } from "../kernel/problem.ts";
import type { Route } from "./route.ts";

const jsonTypes = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Reads a JSON body of at most `maxBytes`, counting as it arrives; 400, 413 or 415 otherwise. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const type = request.headers.get("content-type");
  const coding = request.headers.get("content-encoding") ?? "identity";
  if (coding !== "identity") {
    throw problem("unsupported_media", "http.content_encoding", `Send the body as it is, not as ${coding}.`, {
      errors: [{ pointer: "/header/Content-Encoding", code: "content_encoding", message: "Not taken." }],
    });
  }
  const charset = /;\s*charset="?([\w-]+)/i.exec(type ?? "")?.[1] ?? "utf-8";
  if (!/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    throw problem("unsupported_media", "http.charset", `Send JSON as UTF-8, not as ${charset}.`);
  }
  const text = await readText(request, maxBytes);
  if (text.trim() === "") return {};
  if (type === null || !jsonTypes.test(type)) {
    throw problem(
      "unsupported_media",
      "http.media_type",
      `Send application/json, not ${type ?? "an unnamed type"}.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : "it is not JSON";
    throw problem("malformed_request", "http.malformed_json", `The body is not JSON: ${detail}.`, {
      errors: [{ pointer: "", code: "malformed_json", message: detail }],
    });
  }
}

/** Reads a body as UTF-8 text, refusing it as soon as it is longer than `maxBytes`. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    problem("too_large", "http.body_too_large", `The body may have ${maxBytes} bytes at most.`);
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (request.body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let text = "";
  let size = 0;
  const reader = request.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge();
      text += decoder.decode(value, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    await reader.cancel().catch(() => {});
    if (error instanceof TypeError) {
      throw problem("malformed_request", "http.malformed_text", "The body is not UTF-8.", { cause: error });
    }
    throw error;
  }
}

/** Reads a query into an object: a repeated name becomes a list, everything else stays text. */
export function readQuery(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return query;
}

/** Parses the fields of a request by the operation's schema; 422 with a pointer for each field that is wrong. */
export function parseInput(route: Route, params: Record<string, string>, rest: unknown): unknown {
  if (rest === null || typeof rest !== "object" || Array.isArray(rest)) {
    throw problem("invalid_input", "http.not_an_object", "The body must be a JSON object.", {
      errors: [{ pointer: "", code: "invalid_type", message: "Expected an object." }],
    });
  }
  const fields: Record<string, unknown> = { ...rest };
  const foreign = route.params.filter((name) => name in fields);
  if (foreign.length > 0) {
    throw problem(
      "invalid_input",
      "http.field_in_path",
      "Fields of the path can't stand in the body or the query too.",
      {
        errors: foreign.map((name) => ({
          pointer: `/${name}`,
          code: "unknown_field",
          message: "It stands in the path.",
        })),
      },
    );
  }
  const given = { ...fields, ...params };
  const odd = route.rest === "query" ? repeated(fields) : [];
  odd.push(...oddities(given, []));
  const parsed = odd.length > 0 ? null : z.safeParse(route.operation.input, given);
  if (parsed?.success) return parsed.data;
  const errors = (parsed === null ? odd : fieldProblems(parsed.error, "")).map((field) => {
    const [, first = ""] = field.pointer.split("/");
    const where = route.params.includes(first) ? "/path" : route.rest === "query" ? "/query" : "";
    return { ...field, ...coerced(field, given), pointer: where + field.pointer };
  });
  throw problem("invalid_input", "http.invalid_input", errors[0]?.message ?? "The input is not valid.", {
    errors,
  });
}

/** A number is made of a field's text: what is said of one that isn't there, or is no number, is said of NaN. */
function coerced(
  { message, pointer }: FieldProblem,
  given: Readonly<Record<string, unknown>>,
): Partial<FieldProblem> {
  if (!message.endsWith(" received NaN")) return {};
  return Object.hasOwn(given, pointer.slice(1))
    ? { message: "Give a number." }
    : { code: "required", message: "This field is required." };
}

function repeated(query: Readonly<Record<string, unknown>>): FieldProblem[] {
  return Object.entries(query)
    .filter(([, value]) => Array.isArray(value))
    .map(([name]) => ({ pointer: jsonPointer([name]), code: "repeated_field", message: "Give it once." }));
}

const maxDepth = 64;

/**
 * What no field may hold, whatever its schema: the character NUL and half a surrogate pair, which no database stores as
 * they came, and endless nesting.
 */
function oddities(value: unknown, path: readonly PropertyKey[]): FieldProblem[] {
  if (typeof value === "string") {
    const odd = (code: string, message: string) => [{ pointer: jsonPointer(path), code, message }];
    if (value.includes("\0")) return odd("nul_character", "The character NUL can't be stored.");
    return value.isWellFormed() ? [] : odd("lone_surrogate", "Half of a surrogate pair is no character.");
  }
  if (value === null || typeof value !== "object") return [];
  if (path.length >= maxDepth) {
    const message = `At most ${maxDepth} levels of lists and objects.`;
    return [{ pointer: jsonPointer(path.slice(0, 1)), code: "too_deep", message }];
  }
  return Object.entries(value).flatMap(([key, member]) => [
    ...oddities(key, path),
    ...oddities(member, [...path, key]),
  ]);
}
