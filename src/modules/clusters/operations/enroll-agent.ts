import { Enrolment, EnrolmentRequest } from "../../../../contracts/relay/hello.ts";
import { protocol } from "../../../../contracts/relay/protocol.ts";
import type { Actor, Ctx } from "../../../kernel/context.ts";
import { equalInConstantTime, sha256Hex } from "../../../kernel/hash.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { AppError, problem } from "../../../kernel/problem.ts";
import { findEnrolmentByToken, insertAgent, listKeyRows, useEnrolment } from "../agent-store.ts";
import { enrolmentIdOf } from "../enrolment-token.ts";
import { commandKeyOf, isSignedBy } from "../relay/command-keys.ts";
import { judgeProtocol } from "../relay/judge-hello.rules.ts";
import { mustHaveCluster } from "../store.ts";
import type { AgentRow, EnrolmentRow } from "../tables.ts";
import { clusterChanged, tellRelay } from "../tell-relay.ts";

export const enrollAgent = defineOperation({
  action: "clusters.agent.enroll",
  effect: "write",
  scope: "public",
  summary: "Make a key the agent of a cluster, with a one-time token; what `maru-agent enroll` calls",
  input: EnrolmentRequest,
  output: Enrolment,
  raises: ["unauthenticated", "conflict", "gone", "invalid_input"],
  idempotency: "own",
  async run(ctx, request) {
    const refused = judgeProtocol(request.protocol, protocol);
    if (refused !== undefined) throw problem("conflict", "clusters.incompatible", refused.refusal.detail);
    const enrolment = await mustFindEnrolment(ctx, request.token);
    const text = `maru-agent-enroll\n${request.token}\n${request.publicKey}`;
    if (!(await isSignedBy(request.publicKey, request.signature, text))) {
      throw problem(
        "invalid_input",
        "clusters.key_not_proved",
        "The request is not signed with the key that it names.",
        {
          errors: [
            {
              pointer: "/signature",
              code: "key_not_proved",
              message: "Sign with the private half of publicKey.",
            },
          ],
        },
      );
    }
    const agent = agentOf(ctx, enrolment, request);
    const actor: Actor = { kind: "system", id: enrolment.id, tenantId: enrolment.tenantId, grants: [] };
    const { id: _, tenantId, clusterId, name, publicKey, hostname } = agent;
    await orUsed(
      ctx.actingAs(actor).write(
        {
          entity: `cluster:${clusterId}/agent/${agent.id}`,
          after: { name, publicKey, hostname, enrolmentId: enrolment.id },
        },
        (q) => [
          mustHaveCluster(q, tenantId, clusterId),
          ...useEnrolment(q, enrolment, ctx.now, ctx.newId("wr")),
          insertAgent(q, agent),
        ],
        clusterChanged(clusterId),
      ),
    );
    await tellRelay(ctx.actingAs(actor), clusterId);
    const keys = await listKeyRows(ctx.db, tenantId, clusterId, ctx.now);
    const query = new URLSearchParams({ tenant: tenantId, cluster: clusterId, agent: agent.id });
    return {
      tenantId,
      clusterId,
      agentId: agent.id,
      connectUrl: `${wsOrigin(ctx)}/agent/v1/connect?${query}`,
      keys: keys.map(commandKeyOf),
    };
  },
});

/** A token that may still be used. Wrong ones tell nothing of which part was wrong. */
async function mustFindEnrolment(ctx: Ctx, token: string): Promise<EnrolmentRow> {
  const id = enrolmentIdOf(token);
  const row = id === undefined ? undefined : await findEnrolmentByToken(ctx.db, id);
  if (row === undefined || !equalInConstantTime(row.hash, await sha256Hex(token))) {
    throw problem(
      "unauthenticated",
      "clusters.token_unknown",
      "There is no such enrolment token. Copy it whole, or make a new one.",
    );
  }
  if (row.usedAt !== null) throw used();
  if (row.expiresAt <= ctx.now) {
    throw problem(
      "gone",
      "clusters.token_expired",
      "The enrolment token was good for 15 minutes and has expired. Make a new one.",
    );
  }
  return row;
}

const used = () =>
  problem(
    "conflict",
    "clusters.token_used",
    "The enrolment token has been used. Make a new one for another agent.",
  );

async function orUsed(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (error instanceof AppError && error.kind === "conflict") throw used();
    throw error;
  }
}

function agentOf(ctx: Ctx, enrolment: EnrolmentRow, request: EnrolmentRequest): AgentRow {
  const { version, platform, hostname } = request.report;
  return {
    id: ctx.newId("agt"),
    tenantId: enrolment.tenantId,
    clusterId: enrolment.clusterId,
    name: request.name,
    status: "active",
    publicKey: request.publicKey,
    formerKey: null,
    formerKeyUntil: null,
    keyMadeAt: ctx.now,
    softwareVersion: version,
    platform,
    hostname,
    enrolmentId: enrolment.id,
    createdAt: ctx.now,
    revokedAt: null,
    revokedBy: null,
    version: 1,
    writeId: ctx.newId("wr"),
  };
}

const wsOrigin = ({ origin = "" }: Ctx): string => origin.replace(/^http/, "ws");
