import { conditionOf, metaOf, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { SshKey } from "./schemas.ts";

export function keyOf(pair: KubeObject): SshKey {
  return {
    namespace: pair.metadata.namespace ?? "",
    ...metaOf(pair),
    publicKey: textAt(pair, "spec", "publicKey") ?? "",
    fingerprint: textAt(pair, "status", "fingerPrint"),
    valid: conditionOf(pair, "validated")?.status !== "False",
  };
}
