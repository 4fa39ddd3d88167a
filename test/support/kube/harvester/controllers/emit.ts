import type { KubeObject, World } from "../../words.ts";
import { numberAt } from "../machines/fields.ts";
import type { Said } from "../machines/said.ts";
import { stamp } from "../machines/stamp.ts";
import { kindIn } from "./kinds.ts";

/** A name that is the same for the same parts: eight hex digits. */
export function shortHash(...parts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const character of parts.join("\u0000"))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** Writes a Kubernetes Event about an object; the same one said again counts up instead. */
export function emit(world: World, about: KubeObject, said: Said, component: string): void {
  const kind = kindIn(world, "event");
  const namespace = about.metadata.namespace ?? "default";
  const name = `${about.metadata.name}.${shortHash(about.metadata.uid, said.reason, said.message)}${shortHash(component)}`;
  const now = stamp(world.clock.now());
  if (world.store.find(kind, namespace, name) !== undefined) {
    world.store.edit(kind, namespace, name, (event) => {
      event["count"] = (numberAt(event, "count") ?? 1) + 1;
      event["lastTimestamp"] = now;
    });
    return;
  }
  world.store.create(kind, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace, uid: "", resourceVersion: "", creationTimestamp: "" },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
      uid: about.metadata.uid,
      resourceVersion: about.metadata.resourceVersion,
    },
    reason: said.reason,
    message: said.message,
    type: said.type,
    source: { component },
    reportingComponent: component,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
