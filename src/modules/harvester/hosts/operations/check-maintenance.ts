import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { AppError } from "../../../../kernel/problem.ts";
import { listAt, textAt, textsAt } from "../../kube/fields.rules.ts";
import type { Kube } from "../../kube/kube.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { ClusterNamedRef } from "../../words.ts";
import { askHost, hostKind, hostPath } from "../find-host.ts";
import { hostState } from "../read-host.rules.ts";
import { Host } from "../schemas.ts";

const Check = z
  .strictObject({
    state: Host.shape.state,
    possible: z.boolean(),
    because: z.string().nullable(),
    /** Machines that would not get through a drain, by what is wrong with them. */
    unhealthy: z.array(z.strictObject({ message: z.string(), virtualMachines: z.array(z.string()) })),
  })
  .meta({ id: "MaintenanceCheck" });

/** Why the cluster would not drain a host; null when it would. */
async function refusal(kube: Kube, name: string): Promise<string | null> {
  try {
    await askHost(kube, name, "maintenancePossible");
    return null;
  } catch (error) {
    const says = error instanceof AppError && typeof error.failure.data?.["clusterStatus"] === "number";
    if (says && error.kind !== "not_found") return error.failure.detail;
    throw error;
  }
}

export const checkMaintenance = defineOperation({
  action: "harvester.host.check_maintenance",
  effect: "read",
  scope: "clusters:read",
  summary: "Say whether a host can go into maintenance mode, and which machines stand in the way",
  input: ClusterNamedRef,
  output: Check,
  raises: readRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name }) {
    const kube = await openWholeCluster(ctx, id);
    const node = await kube.get(hostPath(name));
    const [because, { object: unhealthy }] = await Promise.all([
      refusal(kube, name),
      askHost(kube, name, "listUnhealthyVM"),
    ]);
    return {
      state: hostState(node),
      possible: because === null,
      because,
      unhealthy: listAt(unhealthy ?? []).map((one) => ({
        message: textAt(one, "message") ?? "",
        virtualMachines: textsAt(one, "vms"),
      })),
    };
  },
});
