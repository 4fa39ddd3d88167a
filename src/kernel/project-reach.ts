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

/** The project of work that belongs to no project of its own: where a name is needed, as in fair sharing. */
export const sharedProject = "shared";

/** The project that a named one stands for: null for what the whole tenant shares. */
export function projectOf(name: string): string | null {
  return name === sharedProject ? null : name;
}
