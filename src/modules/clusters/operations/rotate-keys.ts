import { defineOperation } from "../../../kernel/operation.ts";
import { endKeys, insertKey, listKeyRows } from "../agent-store.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { makeCommandKey } from "../relay/command-keys.ts";
import { ClusterKeys, keyOf, RotateKeys } from "../schemas.ts";
import { mustHaveCluster } from "../store.ts";
import { clusterChanged, tellRelay } from "../tell-relay.ts";

export const rotateKeys = defineOperation({
  action: "clusters.key.rotate",
  effect: "write",
  scope: "clusters:admin",
  summary: "Sign commands with a new key from now on; agents are told of it, signed with the one before",
  input: RotateKeys,
  output: ClusterKeys,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, overlapHours }) {
    await mustFindWholeCluster(ctx, id);
    const { tenantId, now } = ctx;
    const before = await listKeyRows(ctx.db, tenantId, id, now);
    const until = new Date(now.getTime() + overlapHours * 3_600_000);
    const key = await makeCommandKey(ctx.ports.cipher, {
      id: ctx.newId("ckey"),
      tenantId,
      clusterId: id,
      now,
    });
    const after = [key, ...before.map((row) => ({ ...row, validUntil: row.validUntil ?? until }))].map(keyOf);
    await ctx.write(
      { entity: `cluster:${id}`, before: { keys: before.map(keyOf) }, after: { keys: after } },
      (q) => [mustHaveCluster(q, tenantId, id), endKeys(q, tenantId, id, until), insertKey(q, key)],
      clusterChanged(id),
    );
    await tellRelay(ctx, id);
    return { clusterId: id, keys: after };
  },
});
