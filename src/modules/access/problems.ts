import type { Actor } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { grantsBeyond, projectsCover } from "./grants.rules.ts";

/** Another tenant's thing and a thing that never was look the same. */
export function unknown(kind: "tenant" | "project" | "user" | "API key", id: string) {
  return problem(
    "not_found",
    `access.unknown_${kind.toLowerCase().replace(" ", "_")}`,
    `There is no ${kind} ${id}.`,
  );
}

/** A credential that doesn't prove anything (any longer). */
export function refused(code: string, detail: string) {
  return problem("unauthenticated", `access.${code}`, detail);
}

/** Refuses to give, or to take over, what the actor doesn't have. */
export function mustHoldAll(
  actor: Actor,
  given: { readonly grants: readonly string[]; readonly projectIds: readonly string[] | null },
  pointer = "/scopes",
): void {
  const beyond = grantsBeyond(actor.grants, given.grants);
  if (beyond.length > 0) {
    const message = `You can't pass on what you don't hold: ${beyond.join(", ")}.`;
    throw problem("forbidden", "access.beyond_own_grants", message, {
      errors: [{ pointer, code: "beyond_own_grants", message }],
    });
  }
  if (!projectsCover(actor.projectIds, given.projectIds)) {
    const message = "You can't pass on access to projects that you can't reach.";
    throw problem("forbidden", "access.beyond_own_projects", message, {
      errors: [{ pointer: "/projectIds", code: "beyond_own_projects", message }],
    });
  }
}
