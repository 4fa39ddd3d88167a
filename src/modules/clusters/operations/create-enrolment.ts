import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { onlyOnce } from "../../access/index.ts";
import { insertEnrolment } from "../agent-store.ts";
import { newEnrolmentToken } from "../enrolment-token.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { ClusterEnrolment, ClusterRef, enrolmentFacts } from "../schemas.ts";
import { mustHaveCluster } from "../store.ts";
import type { EnrolmentRow } from "../tables.ts";

const lifetimeMs = 15 * 60_000;

export const createEnrolment = defineOperation({
  action: "clusters.enrolment.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Make a token that enrols one agent, once, within 15 minutes; it is shown in this answer only",
  input: ClusterRef,
  output: ClusterEnrolment,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id }) => `cluster:${id}`,
  idempotency: "own",
  async run(ctx, { id }) {
    await mustFindWholeCluster(ctx, id);
    const holdKey = await onlyOnce(ctx);
    const enrolmentId = ctx.newId("enr");
    const { token, hash } = await newEnrolmentToken(enrolmentId);
    const row: EnrolmentRow = {
      id: enrolmentId,
      tenantId: ctx.tenantId,
      clusterId: id,
      hash,
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      expiresAt: new Date(ctx.now.getTime() + lifetimeMs),
      usedAt: null,
      writeId: ctx.newId("wr"),
    };
    const entity = `cluster:${id}/enrolment/${enrolmentId}`;
    const facts = enrolmentFacts(row);
    await ctx.write({ entity, after: facts }, (q) => [
      mustHaveCluster(q, ctx.tenantId, id),
      insertEnrolment(q, row),
      ...holdKey(q, entity),
    ]);
    return {
      ...facts,
      token,
      command: `npx maru-agent enroll --url ${ctx.origin ?? "<this Maru>"} --token ${token}`,
    };
  },
});
