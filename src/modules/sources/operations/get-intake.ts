import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindSource } from "../find-source.ts";
import { listCounts } from "../store.ts";

const mostRows = 2_000;

export const getIntake = defineOperation({
  action: "sources.intake.get",
  effect: "read",
  scope: "sources:read",
  summary: "Count what a source received by minute: accepted, and set aside by reason",
  input: z.strictObject({ id: z.string(), minutes: z.coerce.number().int().min(1).max(1440).default(60) }),
  output: z
    .strictObject({
      minutes: z.array(z.strictObject({ minute: z.iso.datetime(), outcome: z.string(), count: z.int() })),
    })
    .meta({ id: "SourceIntake" }),
  raises: ["not_found"],
  resource: ({ id }) => `source:${id}`,
  async run(ctx, { id, minutes }) {
    await mustFindSource(ctx, id);
    const since = new Date(ctx.now.getTime() - minutes * 60_000);
    const rows = await listCounts(ctx.db, ctx.tenantId, id, since, mostRows);
    return {
      minutes: rows.map(({ minute, outcome, count }) => ({ minute: minute.toISOString(), outcome, count })),
    };
  },
});
