import { AppError, problem } from "./problem.ts";

/** What is named, as people call it, and where the name stands in the request. */
interface NamedThing {
  /** The problem's code: `rules.name_taken`. */
  readonly code: string;
  readonly noun: string;
  readonly name: string;
  /** A JSON pointer to the name. */
  readonly pointer: string;
}

/**
 * A write in which nothing but the name can exist already.
 * @throws conflict with the code given, which says whose name is taken and where it was asked for
 */
export async function orNameTaken<T>(write: Promise<T>, thing: NamedThing): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== "write.exists") throw error;
    throw problem("conflict", thing.code, `There is already a ${thing.noun} named "${thing.name}".`, {
      errors: [
        { pointer: thing.pointer, code: "taken", message: "Take another name, or change the one there is." },
      ],
      cause: error,
    });
  }
}
