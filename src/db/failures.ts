import { LostRace, UniqueViolation } from "./db.ts";

/** The value that a failed `mustHold` trips over on each database. */
export const lostMark = "write_lost";

function* causes(error: unknown): Generator<{ message: string; code: string }> {
  let current: unknown = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    const code = "code" in current ? String(current.code) : "";
    yield { message: current.message, code };
    current = current.cause;
  }
}

/** Reads a driver's error as the seam's own; drivers wrap theirs, so the chain of causes is walked. */
export function readDbError(error: unknown): unknown {
  for (const { message, code } of causes(error)) {
    if (code === "23505" || message.includes("UNIQUE constraint failed")) {
      return new UniqueViolation(message, { cause: error });
    }
    if (message.includes("malformed JSON") || (code === "22P02" && message.includes(lostMark))) {
      return new LostRace("another writer was first", { cause: error });
    }
  }
  return error;
}
