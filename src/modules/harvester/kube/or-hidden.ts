import { AppError } from "../../../kernel/problem.ts";

/** What may be read, or undefined where the agent's policy or the cluster's roles hide it: for facts that only add to an answer. */
export async function orHidden<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AppError && (error.kind === "forbidden" || error.kind === "not_found"))
      return undefined;
    throw error;
  }
}
