import type { MaruEvent } from "../../../contracts/events.ts";
import type { LeftOut } from "../../kernel/ports/events.ts";
import type { BatchResult } from "./engine/shard/step-batch.ts";

/**
 * The events of a batch that a step left out: known before, or too late for at least one rule. What was first seen at its
 * own arrival is the same delivery once more, which is no repeat of the sender's.
 */
export function leftOut(events: readonly MaruEvent[], result: BatchResult): LeftOut[] {
  const known = new Map(result.duplicates.map((one) => [identityOf(one), one.firstSeenAt]));
  const late = new Map(
    result.outputs.flatMap((one) =>
      one.kind === "late" && !one.used ? [[identityOf(one.event), one] as const] : [],
    ),
  );
  if (known.size === 0 && late.size === 0) return [];
  return events.flatMap((event, index): LeftOut[] => {
    const seenAt = known.get(identityOf(event));
    if (seenAt === event.ingesttime) return [];
    if (seenAt !== undefined) {
      return [{ index, reason: "duplicate", detail: `First seen at ${new Date(seenAt).toISOString()}.` }];
    }
    const one = late.get(identityOf(event));
    if (one === undefined) return [];
    const watermark = new Date(one.watermark).toISOString();
    return [{ index, reason: "late", detail: `The watermark of ${one.lineage} stood at ${watermark}.` }];
  });
}

const identityOf = ({ source, id }: { readonly source: string; readonly id: string }) => `${source}\n${id}`;
