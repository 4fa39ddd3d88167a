import * as z from "zod";
import { FallbackTarget, OnCallDraft, SavedOverride } from "../../../../contracts/on-call.ts";
import type { NamedAt } from "../entries/check-names.ts";
import { EntryRef, entryFields } from "../entries/schemas.ts";
import type { OnCall } from "./who-is-on-call.rules.ts";

export const SavedSchedule = z
  .strictObject({ ...OnCallDraft.shape, overrides: z.array(SavedOverride), ...entryFields })
  .meta({ id: "SavedOnCallSchedule" });

export const OverrideRef = z.strictObject({ ...EntryRef.shape, overrideId: z.string().min(1).max(128) });

/** Who is on call, and by what: an override, a layer (by its name), or the fallback. */
export const OnCallNow = z
  .strictObject({
    source: z.enum(["override", "layer", "fallback"]),
    layer: z.string().nullable(),
    target: FallbackTarget,
  })
  .meta({ id: "OnCall" });

export const OnCallPreview = z
  .strictObject({
    scheduleId: z.string(),
    at: z.iso.datetime(),
    now: OnCallNow,
    /** What follows, without a gap: each from one handover to the next. */
    shifts: z.array(z.strictObject({ from: z.iso.datetime(), until: z.iso.datetime(), onCall: OnCallNow })),
  })
  .meta({ id: "OnCallPreview" });

export function onCallOf(onCall: OnCall): z.infer<typeof OnCallNow> {
  const { source, target } = onCall;
  return { source, layer: onCall.source === "layer" ? onCall.layer : null, target: { ...target } };
}

/** The users and channels that a schedule names. */
export function namesInSchedule({ layers, fallback }: Pick<OnCallDraft, "layers" | "fallback">): NamedAt[] {
  const people = layers.flatMap(({ participants }, layer) =>
    participants.map(
      (id, index): NamedAt => ({ kind: "user", id, pointer: `/layers/${layer}/participants/${index}` }),
    ),
  );
  const { kind, id } = fallback;
  return kind === "team" ? people : [...people, { kind, id, pointer: "/fallback/id" }];
}
