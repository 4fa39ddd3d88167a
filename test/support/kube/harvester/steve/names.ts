import type { World } from "../../words.ts";

const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** Five letters and digits as Kubernetes puts them after a generated name. */
export function shortSuffix(world: World): string {
  return Array.from({ length: 5 }, () => LETTERS[Math.floor(world.random() * LETTERS.length)]).join("");
}
