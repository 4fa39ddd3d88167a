import * as z from "zod";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import type { Place } from "../../../kernel/page.ts";
import { textStream } from "../../../kernel/text-stream.ts";
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
    const pages = async function* () {
      if (format === "csv") yield csvHeader;
      for (let place: Place | undefined, more = true; more; ) {
        const rows = await listEventsForward(ctx.db, ctx.tenantId, filter, place, pageRows);
        const events = rows.map(toEvent);
        yield events
          .map((event) => (format === "csv" ? csvLine(event) : `${JSON.stringify(event)}\n`))
          .join("");
        place = rows.at(-1);
        more = rows.length === pageRows;
      }
    };
    return {
      stream: textStream(pages()),
      contentType: `${mediaTypes[format]}; charset=utf-8`,
      fileName: `audit-${ctx.now.toISOString().slice(0, 10)}.${format}`,
    };
  },
});
