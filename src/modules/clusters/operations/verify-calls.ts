import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { listEvents } from "../../audit/index.ts";
import { listEveryKey } from "../agent-store.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { isSignedBy } from "../relay/command-keys.ts";
import { LogSeal, sealAction, sealText } from "../relay/log-seal.rules.ts";
import { CallLogCheck, ClusterRef } from "../schemas.ts";

/** Entries are kept for 90 days, and a seal is made each day. */
const mostSeals = 100;

export const verifyCalls = defineOperation({
  action: "clusters.call.verify",
  effect: "read",
  scope: "clusters:read",
  summary: "Check that nothing in a cluster's log of calls was changed since it was written",
  input: ClusterRef,
  output: CallLogCheck,
  raises: ["not_found", "forbidden"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id }) {
    await mustFindWholeCluster(ctx, id);
    const { genuine, forged } = await sealsOf(ctx, id);
    const check = await ctx.ports.relays.verifyLog(ctx.tenantId, id, genuine);
    const found = [check.brokenSeal, ...forged].filter((seq) => seq !== null);
    const brokenSeal = found.length === 0 ? null : Math.min(...found);
    const intact = check.brokenAt === null && brokenSeal === null;
    return { clusterId: id, intact, ...check, seals: genuine.length + forged.length, brokenSeal };
  },
});

/** The heads that the audit log holds of this cluster's log, and the numbers of those whose signature isn't the cluster's. */
async function sealsOf(ctx: Ctx, id: string): Promise<{ genuine: LogSeal[]; forged: number[] }> {
  const filter = { action: sealAction, resource: `cluster:${id}` };
  const events = await listEvents(ctx.db, ctx.tenantId, filter, undefined, mostSeals);
  const keys = new Map((await listEveryKey(ctx.db, ctx.tenantId, id)).map((key) => [key.id, key.publicKey]));
  const genuine: LogSeal[] = [];
  const forged: number[] = [];
  for (const { after } of events) {
    const seal = LogSeal.parse(after);
    const text = sealText(ctx.tenantId, id, seal);
    if (await isSignedBy(keys.get(seal.keyId) ?? "", seal.signature, text)) genuine.push(seal);
    else forged.push(seal.seq);
  }
  return { genuine, forged };
}
