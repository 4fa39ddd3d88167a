import type { KubeObject } from "../../words.ts";
import { at, itemsAt, textAt } from "./fields.ts";
import { quantityOf } from "./quantity.ts";

/** What the living pods of a namespace ask for: processors, and memory in bytes. */
export function usedIn(pods: readonly KubeObject[]): { readonly cpu: number; readonly memory: number } {
  let cpu = 0;
  let memory = 0;
  for (const pod of pods) {
    const phase = textAt(pod, "status", "phase");
    if (phase === "Succeeded" || phase === "Failed") continue;
    for (const container of itemsAt(pod, "spec", "containers")) {
      cpu += quantityOf(at(container, "resources", "requests", "cpu"));
      memory += quantityOf(at(container, "resources", "requests", "memory"));
    }
  }
  return { cpu, memory };
}
