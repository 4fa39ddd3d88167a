import { problem } from "../../../kernel/problem.ts";

/** Where a list of a cluster goes on: in which namespace ("" for all at once), and at which token of the API. */
export interface ListPlace {
  readonly namespace: string;
  readonly token: string;
}

/** The opaque cursor of a place in the list called `list`. */
export function listCursor(list: string, { namespace, token }: ListPlace): string {
  const bytes = new TextEncoder().encode(JSON.stringify(["k1", list, namespace, token]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** @throws invalid_input `page.cursor` for a cursor that the list called `list` did not give */
export function listPlaceOf(list: string, cursor: string | undefined): ListPlace | undefined {
  if (cursor === undefined) return undefined;
  try {
    const binary = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(
      Uint8Array.from(binary, (one) => one.charCodeAt(0)),
    );
    const [version, of, namespace, token] = JSON.parse(text);
    if (version === "k1" && of === list && typeof namespace === "string" && typeof token === "string")
      return { namespace, token };
  } catch {}
  throw problem("invalid_input", "page.cursor", "The cursor is not one that this list gave.", {
    errors: [
      { pointer: "/query/cursor", code: "invalid_cursor", message: "Use nextCursor as it was given." },
    ],
  });
}
