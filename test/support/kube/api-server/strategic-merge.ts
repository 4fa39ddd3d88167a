import { mergePatch } from "./merge-patch.ts";

export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  return mergePatch(target, patch);
}
