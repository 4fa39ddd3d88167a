import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindSource } from "../find-source.ts";
import { replayEvents } from "../replay-events.ts";
import { Accepted, SetAsideRef, setAsideOf } from "../schemas.ts";
import { findSetAside, stampReplay } from "../store.ts";

export const replaySetAside = defineOperation({
  action: "sources.set_aside.replay",
  effect: "write",
  scope: "sources:write",
  summary: "Take what was set aside in again, read as the source reads now; once",
  input: SetAsideRef,
  output: Accepted,
  raises: ["not_found", "conflict", "forbidden", "gone", "malformed_request"],
  resource: ({ id }) => `source:${id}`,
  async run(ctx, { id, setAsideId }) {
    const source = await mustFindSource(ctx, id);
    mustChangeWithin(ctx.actor, source.projectId);
    const row = await findSetAside(ctx.db, ctx.tenantId, id, setAsideId);
    if (!row)
      throw problem("not_found", "sources.set_aside_unknown", `There is nothing set aside as ${setAsideId}.`);
    if (row.replayedAt !== null)
      throw problem("conflict", "sources.replayed", "It was taken in again before; an event counts once.");
    // Published before it is stamped: a crash between the two repeats events that the engine knows by their ids.
    const { answer, events } = await replayEvents(ctx, source, row);
    await ctx.write(
      {
        entity: `source:${id}`,
        before: setAsideOf(row),
        after: { ...setAsideOf({ ...row, replayedAt: ctx.now }), events },
        ...(source.projectId === null ? {} : { projectId: source.projectId }),
      },
      (q) => stampReplay(q, row, ctx.now),
    );
    return answer;
  },
});
