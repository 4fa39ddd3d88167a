import type { Actor } from "./context.ts";
import { problem } from "./problem.ts";

/** Whether an actor may see what belongs to a project. What belongs to none (null) is the whole tenant's. */
export function reaches(actor: Actor, projectId: string | null): boolean {
  return projectId === null || actor.projectIds === undefined || actor.projectIds.includes(projectId);
}

/**
 * Refuses a change outside the actor's projects; one who is held to projects can't change what the whole tenant shares.
 * @throws forbidden `access.project_refused`
 */
export function mustChangeWithin(actor: Actor, projectId: string | null): void {
  if (actor.projectIds === undefined) return;
  if (projectId !== null && actor.projectIds.includes(projectId)) return;
  const detail =
    projectId === null
      ? "These credentials are held to some projects; name one of them as projectId."
      : "These credentials are not for this project.";
  throw problem("forbidden", "access.project_refused", detail, {
    errors: [{ pointer: "/projectId", code: "project_refused", message: detail }],
  });
}
