import { newId } from "../../../kernel/ids.ts";
import type { BlobPort } from "../../../kernel/ports/blob.ts";
import { keepPolled } from "../../sources/index.ts";
import type { PollEntry } from "./clock-plan.rules.ts";
import type { PollResult } from "./fed-inputs.rules.ts";
import { polledEvent } from "./polled-event.rules.ts";

/** Keeps what a poll came to, for backtests. */
export async function keepPoll(
  blobs: BlobPort,
  tenantId: string,
  entry: PollEntry,
  polled: { readonly dueAt: number; readonly intervalMs: number; readonly result: PollResult },
  now: number,
): Promise<void> {
  await keepPolled(blobs, polledEvent(tenantId, entry, polled, now), newId("poll", now));
}
