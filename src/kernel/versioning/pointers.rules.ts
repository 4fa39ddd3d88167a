import { problem } from "../problem.ts";

/** Which versions of a definition play a part: the one that works, the one that only watches, and what worked before. */
export interface Pointers {
  readonly live: number | null;
  readonly shadow: number | null;
  /** Versions that were live before, the latest last; a rollback goes back along it. */
  readonly history: readonly number[];
}

export const noPointers: Pointers = { live: null, shadow: null, history: [] };

const mostHistory = 50;

/** The pointers after a version was published: what was live before is remembered for a rollback. */
export function publish(pointers: Pointers, version: number): Pointers {
  const history = pointers.live === null ? pointers.history : [...pointers.history, pointers.live];
  return {
    live: version,
    shadow: pointers.shadow === version ? null : pointers.shadow,
    history: history.filter((old) => old !== version).slice(-mostHistory),
  };
}

/** The pointers after a version began to watch beside the live one. */
export function shadow(pointers: Pointers, version: number | null): Pointers {
  return { ...pointers, shadow: version };
}

/**
 * The pointers after going back to the version that was live before.
 * @throws conflict `<module>.nothing_to_roll_back`
 */
export function rollback(pointers: Pointers, module: string): Pointers {
  const before = pointers.history.at(-1);
  if (before === undefined) {
    throw problem("conflict", `${module}.nothing_to_roll_back`, "No version was live before this one.");
  }
  return { ...pointers, live: before, history: pointers.history.slice(0, -1) };
}
