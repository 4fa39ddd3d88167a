import type { Controller, KubeObject } from "../words.ts";
import { isNamespace } from "./deletion.ts";
import type { MemoryStore } from "./memory-store.ts";

/** Empties a namespace that is being deleted, and lets it go once nothing is left in it. */
export function namespaceController(store: MemoryStore): Controller {
  const namespaces = store.kindOf("", "namespaces");
  const contentOf = (name: string) =>
    [...store.everything()].filter(({ object }) => object.metadata.namespace === name);
  const empty = (name: string) => {
    for (const { kind, object } of contentOf(name)) {
      if (object.metadata.deletionTimestamp === undefined && store.peek(kind, name, object.metadata.name)) {
        store.delete(kind, name, object.metadata.name, { propagationPolicy: "Background" });
      }
    }
    finish(name);
  };
  const finish = (name: string) => {
    const left = contentOf(name);
    if (!isTerminating(store.peek(namespaces, undefined, name))) return;
    store.edit(namespaces, undefined, name, (namespace) => {
      if (left.length === 0) namespace["spec"] = { finalizers: [] };
      else
        namespace["status"] = {
          phase: "Terminating",
          conditions: [remaining(left.map(({ object }) => object))],
        };
    });
  };
  return {
    name: "namespace-controller",
    start() {
      store.onChange(({ type, kind, object }) => {
        const name = isNamespace(kind) ? object.metadata.name : object.metadata.namespace;
        if (name === undefined || !isTerminating(store.peek(namespaces, undefined, name))) return;
        if (type === "DELETED") finish(name);
        else if (isNamespace(kind) || type === "ADDED") empty(name);
      });
    },
  };
}

function isTerminating(namespace: KubeObject | undefined): boolean {
  return namespace?.metadata.deletionTimestamp !== undefined;
}

function remaining(objects: readonly KubeObject[]): object {
  const kinds = [...new Set(objects.map(({ kind }) => kind))].sort();
  return {
    type: "NamespaceContentRemaining",
    status: "True",
    reason: "SomeResourcesRemain",
    message: `Some resources are remaining: ${kinds.join(", ")}`,
  };
}
