import { usageError } from "../failure.ts";
import { type Action, operations } from "../operations.generated.ts";

/** One operation of the API as the generated list describes it. */
export interface OperationEntry {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly scope: string;
  readonly effect: "read" | "write";
  readonly params: readonly string[];
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** Those of the body that hold text, whatever it looks like. */
  readonly texts: readonly string[];
  readonly required: readonly string[];
  /** Media types of a raw body, where the operation takes one. */
  readonly takes?: readonly string[];
  /** Media types of the answer, where it is no JSON. */
  readonly gives?: readonly string[];
}

export type Fields = Readonly<Record<string, unknown>>;

export interface OperationRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly json?: Readonly<Record<string, unknown>>;
}

export function entryOf(action: Action): OperationEntry {
  return operations[action];
}

export function isAction(text: string): text is Action {
  return Object.hasOwn(operations, text);
}

/** Puts the fields of a call where its operation wants them: path, query or body. Undefined fields are left out. */
export function requestOf(action: Action, fields: Fields): OperationRequest {
  const entry = entryOf(action);
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  for (const [name, value] of given) {
    if (entry.params.includes(name)) continue;
    if (entry.query.includes(name)) {
      for (const one of Array.isArray(value) ? value : [value]) query.append(name, textOf(one));
    } else body[name] = value;
  }
  const path = entry.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = fields[name];
    if (value === undefined || value === "") {
      throw usageError(
        `"${action}" needs the field "${name}".`,
        `"${action}"에는 "${name}" 값이 필요합니다.`,
      );
    }
    return encodeURIComponent(textOf(value));
  });
  const search = query.toString();
  const takesJson = !entry.takes && (entry.body.length > 0 || Object.keys(body).length > 0);
  return {
    method: entry.method,
    target: search === "" ? path : `${path}?${search}`,
    ...(takesJson ? { json: body } : {}),
  };
}

const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
