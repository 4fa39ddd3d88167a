import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(import.meta.dirname, "package.json"));

/** A package that `npm install --prefix bench/peers` brings; null when it isn't installed. */
export function loadPeer<T>(name: string): T | null {
  if (!existsSync(join(import.meta.dirname, "node_modules", name))) return null;
  return require(name) as T;
}
