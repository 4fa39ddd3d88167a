import type { Kind } from "../words.ts";
import type { KindRegistry } from "./kinds.ts";

/** What a generic path means. */
export interface ResourcePath {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Reads `/api/v1/…` and `/apis/{group}/{version}/…`; undefined where no such resource is served. */
export function resourcePath(kinds: KindRegistry, segments: readonly string[]): ResourcePath | undefined {
  const [root, ...rest] = segments;
  const group = root === "api" ? "" : root === "apis" ? rest.shift() : undefined;
  const version = rest.shift();
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  if (rest[0] === "namespaces" && rest.length > 2) {
    const [, namespace = "", plural = "", ...deeper] = rest;
    const kind = kinds.find(group, version, plural);
    if (kind?.namespaced) return target(kind, deeper, namespace);
  }
  const [plural = "", ...deeper] = rest;
  const kind = kinds.find(group, version, plural);
  if (!kind || (kind.namespaced && deeper.length > 0)) return undefined;
  return target(kind, deeper);
}

function target(kind: Kind, deeper: readonly string[], namespace?: string): ResourcePath | undefined {
  const [name, subresource, ...more] = deeper;
  if (more.length > 0 || name === "" || subresource === "") return undefined;
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
