import type { ClusterEvent } from "../../../contracts/relay/push.ts";
import { redactText } from "../redaction/texts.rules.ts";
import { at, type KubeObject, textAt } from "./kube-object.ts";

/** Reasons that are worth telling though they are no warning. */
const interesting = new Set([
  "NodeReady",
  "NodeNotReady",
  "NodeSchedulable",
  "NodeNotSchedulable",
  "Rebooted",
  "Started",
  "Stopped",
  "Deleted",
  "SuccessfulMigration",
  "Migrated",
  "ShuttingDown",
  "Degraded",
  "Healthy",
  "Faulted",
  "Rebuilt",
  "BackupReady",
  "BackupFailed",
]);

/** A Kubernetes event as it is told, or undefined when it is not worth it. */
export function clusterEvent(event: KubeObject): ClusterEvent | undefined {
  const type = textAt(event, "type", 50) || "Normal";
  const reason = textAt(event, "reason", 200);
  const kind = textAt(event, "involvedObject.kind", 100);
  if (reason === "" || kind === "" || (type !== "Warning" && !interesting.has(reason))) return undefined;
  const told = at(event, "count") ?? at(event, "series.count");
  const count = typeof told === "number" && told > 0 ? told : 1;
  // What repeats every few seconds is told at 1, 2, 4, 8, … times.
  if (!Number.isInteger(Math.log2(count))) return undefined;
  return {
    id: `${event.metadata.uid}/${count}`.slice(0, 200),
    at: eventTime(event),
    reason,
    type,
    message: redactText(textAt(event, "message", 2000)).slice(0, 2000),
    object: {
      kind,
      namespace: textAt(event, "involvedObject.namespace", 100) || null,
      name: textAt(event, "involvedObject.name", 300),
      uid: textAt(event, "involvedObject.uid", 100) || null,
    },
  };
}

function eventTime(event: KubeObject): number {
  for (const path of [
    "series.lastObservedTime",
    "lastTimestamp",
    "eventTime",
    "metadata.creationTimestamp",
  ]) {
    const time = Date.parse(textAt(event, path));
    if (Number.isFinite(time)) return time;
  }
  return 0;
}
