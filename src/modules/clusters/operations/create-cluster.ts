import { actorName } from "../../../kernel/actor-name.ts";
import { orNameTaken } from "../../../kernel/name-taken.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { insertKey } from "../agent-store.ts";
import { makeCommandKey } from "../relay/command-keys.ts";
import { Cluster, CreateCluster, clusterOf } from "../schemas.ts";
import { insertCluster } from "../store.ts";
import type { ClusterRow } from "../tables.ts";

export const createCluster = defineOperation({
  action: "clusters.cluster.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Register a cluster, with a key that its commands are signed with; enrol an agent next",
  input: CreateCluster,
  output: Cluster,
  raises: ["conflict", "forbidden"],
  version: (cluster) => cluster.version,
  async run(ctx, fields) {
    mustChangeWithin(ctx.actor, null);
    const row: ClusterRow = {
      ...fields,
      id: ctx.newId("clu"),
      tenantId: ctx.tenantId,
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      updatedAt: ctx.now,
      version: 1,
      writeId: ctx.newId("wr"),
    };
    const { tenantId, now } = ctx;
    const key = await makeCommandKey(ctx.ports.cipher, {
      id: ctx.newId("ckey"),
      tenantId,
      clusterId: row.id,
      now,
    });
    const shown = clusterOf(row);
    await orNameTaken(
      ctx.write({ entity: `cluster:${row.id}`, after: shown }, (q) => [
        insertCluster(q, row),
        insertKey(q, key),
      ]),
      { code: "clusters.name_taken", noun: "cluster", name: row.name, pointer: "/name" },
    );
    return shown;
  },
});
