import * as z from "zod";
import type { Job } from "../../../../contracts/jobs.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { sharedProject } from "../../../kernel/project-reach.ts";
import { submitJob } from "../../jobs/index.ts";
import { type ActionName, actionKinds } from "./action-kinds.ts";

const names = Object.keys(actionKinds) as [ActionName, ...ActionName[]];

/** The payload of an ACTION job. */
export const ActionPayload = z.strictObject({
  kind: z.enum(names),
  clusterId: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
  /** The command that began it. */
  commandId: z.string(),
});
export type ActionPayload = z.infer<typeof ActionPayload>;

const dayMs = 86_400_000;

/**
 * Follows something long that a command has begun in a cluster as a job, with progress and cancel. Call it after the
 * command was carried out; `namespace` is null for what has none. The `Idempotency-Key` of the call covers the job too.
 */
export function followAction(
  ctx: Ctx,
  action: ActionPayload & { readonly projectId?: string | null },
): Promise<Job> {
  const { projectId, ...payload } = action;
  const at = payload.namespace === null ? payload.name : `${payload.namespace}/${payload.name}`;
  return submitJob(ctx, {
    type: "ACTION",
    projectId: projectId ?? sharedProject,
    lane: "watch",
    payload,
    units: 100,
    chunkUnits: 100,
    maxParallel: 1,
    maxAttempts: 10,
    maxAgeMs: 2 * dayMs,
    maxTotalMs: dayMs,
    labels: { name: `${payload.kind} ${at}`, kind: payload.kind, cluster: payload.clusterId, target: at },
  });
}
