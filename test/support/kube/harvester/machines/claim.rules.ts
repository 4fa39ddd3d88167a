import type { KubeObject } from "../../words.ts";
import { type Condition, conditionOf, withConditions, withoutCondition } from "./conditions.ts";
import { durations } from "./durations.ts";
import { at, type Fields, fieldsAt, itemsAt, textAt } from "./fields.ts";
import { quantityOf } from "./quantity.ts";
import type { Said } from "./said.ts";
import { instantOf } from "./stamp.ts";

/** What a claim waits for, beside time. */
export type Hindrance = { readonly reason: string; readonly message: string } | undefined;

export interface ClaimFacts {
  readonly claim: KubeObject;
  readonly hindrance: Hindrance;
  readonly now: number;
}

export interface ClaimStep {
  /** Makes the volume and binds the claim to it. */
  readonly bind?: boolean;
  /** The size that the volume has now, as a quantity. */
  readonly resizeTo?: string;
  readonly status?: Fields;
  readonly says?: readonly Said[];
  readonly againMs?: number;
}

export const volumeNameOf = (claim: KubeObject) => `pvc-${claim.metadata.uid}`;

export function requestedSize(claim: unknown): string {
  const asked = at(claim, "spec", "resources", "requests", "storage");
  return typeof asked === "string" ? asked : `${asked ?? 0}`;
}

export function boundStatus(claim: KubeObject): Fields {
  return {
    phase: "Bound",
    accessModes: at(claim, "spec", "accessModes") ?? ["ReadWriteOnce"],
    capacity: { storage: requestedSize(claim) },
  };
}

function expanding(claim: KubeObject, now: number): ClaimStep {
  const has = quantityOf(at(claim, "status", "capacity", "storage"));
  const wants = requestedSize(claim);
  if (quantityOf(wants) <= has) return {};
  const begun = conditionOf(claim, "Resizing");
  const status = fieldsAt(claim, "status");
  if (begun === undefined) {
    const resizing: Condition = { type: "Resizing", status: "True" };
    const conditions = withConditions(itemsAt(claim, "status", "conditions"), [resizing], now);
    const message = `External resizer is resizing volume ${volumeNameOf(claim)}`;
    return {
      status: { ...status, conditions },
      says: [{ type: "Normal", reason: "Resizing", message }],
      againMs: durations.claimExpand,
    };
  }
  const ready = (instantOf(begun["lastTransitionTime"]) ?? now) + durations.claimExpand;
  if (now < ready) return { againMs: ready - now };
  const conditions = withoutCondition(itemsAt(claim, "status", "conditions"), "Resizing");
  return {
    resizeTo: wants,
    status: {
      ...status,
      capacity: { storage: wants },
      conditions: conditions.length === 0 ? undefined : conditions,
    },
    says: [{ type: "Normal", reason: "VolumeResizeSuccessful", message: "Resize volume succeeded" }],
  };
}

/** One step of a claim: to its volume, and to a larger size. */
export function stepClaim({ claim, hindrance, now }: ClaimFacts): ClaimStep {
  const { metadata } = claim;
  if (metadata.deletionTimestamp !== undefined) return {};
  const phase = textAt(claim, "status", "phase");
  if (phase === "Bound") return expanding(claim, now);
  const status: Fields | undefined = phase === undefined ? { phase: "Pending" } : undefined;
  const first = status === undefined ? {} : { status };
  if (hindrance !== undefined) {
    const type = hindrance.reason === "ProvisioningFailed" ? "Warning" : "Normal";
    return { ...first, says: [{ type, ...hindrance }], againMs: durations.scheduleRetry };
  }
  const ready = (instantOf(metadata.creationTimestamp) ?? now) + durations.claimBind;
  if (now < ready) return { ...first, againMs: ready - now };
  const message = `Successfully provisioned volume ${volumeNameOf(claim)}`;
  return {
    bind: true,
    status: boundStatus(claim),
    says: [{ type: "Normal", reason: "ProvisioningSucceeded", message }],
    againMs: durations.notice,
  };
}
