import * as z from "zod";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import type { Place } from "../../../kernel/page.ts";
import { csvHeader, csvLine } from "../csv-line.rules.ts";
import { eventFilter } from "../event-filter.rules.ts";
import { AuditExportQuery } from "../schemas.ts";
import { listEventsForward } from "../store.ts";
import { toEvent } from "../to-event.ts";

const pageRows = 500;
const mediaTypes = { jsonl: "application/x-ndjson", csv: "text/csv" } as const;

export const exportEvents = defineOperation({
  action: "audit.event.export",
  effect: "read",
  scope: "audit:read",
  summary: "Export events as JSON lines or CSV, the oldest first",
  input: AuditExportQuery,
  output: z.custom<StreamBody>(),
  gives: Object.values(mediaTypes),
  raises: [],
  async run(ctx, { format, ...query }) {
    const filter = { to: ctx.now, ...eventFilter(query, ctx.actor) };
    const encoder = new TextEncoder();
    let place: Place | undefined;
    let begun = false;
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const rows = await listEventsForward(ctx.db, ctx.tenantId, filter, place, pageRows);
        const lines = rows
          .map(toEvent)
          .map((event) => (format === "csv" ? csvLine(event) : `${JSON.stringify(event)}\n`));
        if (format === "csv" && !begun) lines.unshift(csvHeader);
        begun = true;
        if (lines.length > 0) controller.enqueue(encoder.encode(lines.join("")));
        place = rows.at(-1);
        if (rows.length < pageRows) controller.close();
      },
    });
    return {
      stream,
      contentType: `${mediaTypes[format]}; charset=utf-8`,
      fileName: `audit-${ctx.now.toISOString().slice(0, 10)}.${format}`,
    };
  },
});
