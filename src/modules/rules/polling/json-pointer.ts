import type { Json } from "../../../kernel/json.ts";

/** Whether a text is a JSON pointer (RFC 6901). */
export const isJsonPointer = (text: string): boolean => /^(\/([^~/]|~[01])*)*$/.test(text);

/** The value that a JSON pointer names; undefined when there is none. */
export function atPointer(value: Json, pointer: string): Json | undefined {
  let found: Json | undefined = value;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(found)) found = /^(0|[1-9]\d*)$/.test(name) ? found[Number(name)] : undefined;
    else if (typeof found === "object" && found !== null && Object.hasOwn(found, name)) {
      found = (found as Readonly<Record<string, Json>>)[name];
    } else return undefined;
  }
  return found;
}
