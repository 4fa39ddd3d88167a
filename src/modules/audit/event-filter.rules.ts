import type { Actor } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";

interface Query {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly projectId?: string | undefined;
}

const maxProjects = 90;

/** What a query looks for, cut to what the caller may see: a caller of some projects sees their events only. */
export function eventFilter(query: Query, caller: Pick<Actor, "projectIds">) {
  const { from, to, actor, action, resource } = query;
  const projectIds = visibleProjects(query.projectId, caller.projectIds);
  return {
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action: action.replace(/\.\*?$/, "") }),
    ...(resource === undefined ? {} : { resource: resource.replace(/:\*?$/, "") }),
    ...(projectIds === undefined ? {} : { projectIds }),
  };
}

function visibleProjects(asked: string | undefined, allowed: readonly string[] | undefined) {
  if (asked !== undefined) return allowed === undefined || allowed.includes(asked) ? [asked] : [];
  if (allowed !== undefined && allowed.length > maxProjects) {
    throw problem("invalid_input", "audit.project_needed", "Name one of your projects.", {
      errors: [{ pointer: "/query/projectId", code: "required", message: "One of your projects." }],
    });
  }
  return allowed;
}

/** Refuses a caller who sees some projects only: the chain is the whole tenant's. */
export function refusePartialView(caller: Pick<Actor, "projectIds">): void {
  if (caller.projectIds === undefined) return;
  throw problem(
    "forbidden",
    "audit.whole_tenant",
    "The chain is verified by somebody who sees all projects.",
  );
}
