import * as z from "zod";
import { isId } from "./ids.ts";

/**
 * The name of a registered thing: letters and digits of any script, then spaces and `. _ / - ( ) :` too, NFC, at most
 * 120 characters. Never `@`, which parts a name from a version.
 */
export const RegistryName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1)
  .max(120)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._/():-]*$/u,
    "Begin with a letter or digit; then letters, digits, spaces and . _ / - ( ) : may follow.",
  );

/** What a reference names: a thing by id or by name, and one version of it or (absent) the current one. */
export interface VersionRef {
  readonly id?: string;
  readonly name?: string;
  readonly version?: number;
}

/** Reads `id`, `name`, `id@version` or `name@version`; `prefix` is the prefix of the ids. Undefined when malformed. */
export function parseVersionRef(prefix: string, ref: string): VersionRef | undefined {
  const at = ref.lastIndexOf("@");
  const base = (at < 0 ? ref : ref.slice(0, at)).trim().normalize("NFC");
  const tail = at < 0 ? undefined : ref.slice(at + 1);
  if (base === "" || (tail !== undefined && !/^[1-9]\d{0,8}$/.test(tail) && tail !== "latest"))
    return undefined;
  return {
    ...(isId(prefix, base) ? { id: base } : { name: base }),
    ...(tail === undefined || tail === "latest" ? {} : { version: Number(tail) }),
  };
}
