import { eventDigest } from "../../../db/write.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { type ChainWalk, checkHead, genesisHash, walkOn } from "../chain.rules.ts";
import { refusePartialView } from "../event-filter.rules.ts";
import { AuditVerdict, VerifyAudit } from "../schemas.ts";
import { countUnsealed, findBeyond, listSealed, listUnsealed } from "../store.ts";
import { factsOf } from "../to-event.ts";

const pageRows = 500;
const unsealedRows = 200;

export const verifyChain = defineOperation({
  action: "audit.chain.verify",
  effect: "read",
  scope: "audit:read",
  summary: "Verify that no event was changed, removed, moved or added behind the ledger's back",
  input: VerifyAudit,
  output: AuditVerdict,
  raises: ["forbidden", "unavailable"],
  async run(ctx, { after, limit }) {
    refusePartialView(ctx.actor);
    // The head is read before the rows: what is chained meanwhile is beyond it, and left to the next call.
    const head = await ctx.ports.ledger.head(ctx.tenantId);
    const from = Math.min(after, head.seq);
    const upTo = Math.min(head.seq, from + limit);
    const complete = upTo === head.seq;
    const { walk, lastId } = await walkChain(ctx, from, upTo);
    const expected = complete ? head : { seq: upTo, hash: walk.hash };
    const more = walk.seq < upTo && (await findBeyond(ctx.db, ctx.tenantId, walk.seq)) !== undefined;
    const fault =
      checkHead(walk, expected, lastId, more) ??
      (complete ? ((await findAdded(ctx)) ?? (await findChangedUnsealed(ctx))) : null);
    return {
      ok: fault === null,
      checked: walk.checked,
      sealed: head.seq,
      unsealed: await countUnsealed(ctx.db, ctx.tenantId),
      head: { seq: head.seq, hash: head.hash },
      firstFault: fault,
      nextAfter: complete || fault ? null : upTo,
    };
  },
});

async function walkChain(ctx: Ctx, after: number, upTo: number) {
  const [start] = after === 0 ? [] : await listSealed(ctx.db, ctx.tenantId, after - 1, after, 1);
  const hash = after === 0 ? genesisHash : (start?.chainHash ?? "");
  const lost = after > 0 && start === undefined;
  let walk: ChainWalk = {
    seq: after,
    hash,
    checked: 0,
    fault: lost ? { seq: after, eventId: null, kind: "missing" } : null,
  };
  let lastId = start?.id ?? null;
  while (walk.fault === null && walk.seq < upTo) {
    const rows = await listSealed(ctx.db, ctx.tenantId, walk.seq, upTo, pageRows);
    if (rows.length === 0) break;
    const found = await Promise.all(
      rows.map(async (row) => ({
        id: row.id,
        seq: row.seq ?? 0,
        digest: row.digest,
        chainHash: row.chainHash ?? "",
        recomputed: await eventDigest(factsOf(row)),
      })),
    );
    walk = walkOn(walk, found);
    lastId = rows.at(-1)?.id ?? lastId;
  }
  return { walk, lastId };
}

// The row is read before the ledger is asked: a place that it gave out is never beyond what it then answers.
async function findAdded(ctx: Ctx) {
  const { seq } = await ctx.ports.ledger.head(ctx.tenantId);
  const beyond = await findBeyond(ctx.db, ctx.tenantId, seq);
  const { reserved } = await ctx.ports.ledger.head(ctx.tenantId);
  if (beyond?.seq == null || beyond.seq <= reserved) return null;
  return { seq: beyond.seq, eventId: beyond.id, kind: "added" as const };
}

async function findChangedUnsealed(ctx: Ctx) {
  for (const row of await listUnsealed(ctx.db, ctx.tenantId, unsealedRows)) {
    if ((await eventDigest(factsOf(row))) !== row.digest) {
      return { seq: null, eventId: row.id, kind: "changed" as const };
    }
  }
  return null;
}
