import type { KubeObject } from "../../words.ts";
import { durations } from "./durations.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "./fields.ts";
import { quantityOf } from "./quantity.ts";
import type { Said } from "./said.ts";
import type { Placement } from "./scheduling.rules.ts";
import { instantOf, stamp } from "./stamp.ts";

export interface PodFacts {
  readonly pod: KubeObject;
  readonly placement: () => Placement;
  readonly now: number;
}

export interface PodStep {
  readonly bindTo?: string;
  readonly status?: Fields;
  readonly says?: readonly Said[];
  readonly log?: string;
  readonly againMs?: number;
}

/** What the containers of a pod ask for together. */
export function podRequests(pod: unknown): Record<string, string> {
  const sum: Record<string, number> = {};
  for (const container of itemsAt(pod, "spec", "containers"))
    for (const [resource, quantity] of Object.entries(fieldsAt(container, "resources", "requests")))
      sum[resource] = (sum[resource] ?? 0) + quantityOf(quantity);
  return Object.fromEntries(Object.entries(sum).map(([resource, amount]) => [resource, `${amount}`]));
}

const word = (pod: KubeObject, name: string) => pod.metadata.annotations?.[`sim.maru/${name}`];

function containers(pod: KubeObject, state: Fields, ready: boolean): Fields[] {
  return itemsAt(pod, "spec", "containers").map((one) => ({
    name: textAt(one, "name") ?? "main",
    image: textAt(one, "image") ?? "",
    ready,
    restartCount: 0,
    state,
  }));
}

function ended(pod: KubeObject, now: number): PodStep {
  const startedAt = textAt(pod, "status", "startTime");
  const how = word(pod, "ends") ?? "";
  const status = fieldsAt(pod, "status");
  if (how === "Evicted") {
    const message = "The node was low on resource: ephemeral-storage.";
    return {
      status: { phase: "Failed", reason: "Evicted", message, startTime: startedAt },
      says: [{ type: "Warning", reason: "Evicted", message }],
    };
  }
  const killed = how === "OOMKilled";
  const exitCode = killed ? 137 : Number(word(pod, "exit-code") ?? "0");
  const reason = killed ? "OOMKilled" : exitCode === 0 ? "Completed" : "Error";
  const terminated = { exitCode, reason, startedAt, finishedAt: stamp(now) };
  return {
    status: {
      ...status,
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      conditions: [
        { type: "Ready", status: "False", reason: "PodCompleted", lastTransitionTime: stamp(now) },
      ],
      containerStatuses: containers(pod, { terminated }, false),
    },
    log: `finished: ${reason}, exit code ${exitCode}`,
  };
}

function running(pod: KubeObject, now: number): PodStep {
  const endless =
    textAt(pod, "spec", "restartPolicy") !== "Never" && textAt(pod, "spec", "restartPolicy") !== "OnFailure";
  const told = word(pod, "run-seconds");
  if (endless && word(pod, "ends") === undefined) return {};
  const runs = told === undefined ? durations.jobDefault : Number(told) * 1000;
  const end = (instantOf(textAt(pod, "status", "startTime")) ?? now) + runs;
  return now < end ? { againMs: end - now } : ended(pod, now);
}

function start(pod: KubeObject, now: number): PodStep {
  const at = stamp(now);
  return {
    status: {
      ...fieldsAt(pod, "status"),
      phase: "Running",
      startTime: at,
      conditions: [
        { type: "PodScheduled", status: "True", lastTransitionTime: at },
        { type: "Ready", status: "True", lastTransitionTime: at },
      ],
      containerStatuses: containers(pod, { running: { startedAt: at } }, true),
    },
    says: [{ type: "Normal", reason: "Started", message: "Started container" }],
    log: "started",
    againMs: durations.notice,
  };
}

/** One step of a pod that runs no guest. */
export function stepPod({ pod, placement, now }: PodFacts): PodStep {
  if (pod.metadata.deletionTimestamp !== undefined) return {};
  const phase = textAt(pod, "status", "phase") ?? "Pending";
  if (phase === "Running") return running(pod, now);
  if (phase !== "Pending") return {};
  if (textAt(pod, "spec", "nodeName") !== undefined) return start(pod, now);
  const found = placement();
  if ("node" in found) return { bindTo: found.node, againMs: durations.podStart };
  const message = found.refusal;
  const refused = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
  return {
    status: { ...fieldsAt(pod, "status"), phase: "Pending", conditions: [refused] },
    says: [{ type: "Warning", reason: "FailedScheduling", message }],
    againMs: durations.scheduleRetry,
  };
}
