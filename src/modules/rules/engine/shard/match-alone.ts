import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { Json } from "../../../../kernel/json.ts";
import type { CompiledRule } from "../compile/compiled-rule.ts";
import { stepFilter } from "../filter-step.ts";
import { KeyRun } from "../key-run.ts";
import type { Output } from "../outputs.ts";
import { newKeyState } from "../state.ts";

/** An event of a filter without anything to remember: it leaves no state and no timer. */
export function matchAlone(
  rule: CompiledRule,
  key: readonly Json[],
  event: MaruEvent,
  at: { readonly time: number; readonly watermark: number; readonly now: number },
): readonly Output[] {
  const { time, watermark, now } = at;
  const run = new KeyRun(rule, newKeyState(key, now), now);
  const { policy } = rule.definition.lateness;
  const used = policy === "update";
  if (time <= watermark) {
    const ref = { source: event.source, id: event.id };
    run.emit({ ...run.common(time), kind: "late", policy, used, event: ref, watermark });
  }
  if (time > watermark || used) stepFilter(run, event, time);
  return run.outputs;
}
