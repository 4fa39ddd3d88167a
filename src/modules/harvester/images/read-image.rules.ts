import { conditionOf, conditionsOf, metaOf, numberAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Image } from "./schemas.ts";

/** An image of virtual machines. */
export function readImage(image: KubeObject): Image {
  const state = stateOf(image);
  const crypto = textAt(image, "spec", "securityParameters", "cryptoOperation");
  return {
    namespace: image.metadata.namespace ?? "",
    ...metaOf(image),
    displayName: textAt(image, "spec", "displayName"),
    description:
      textAt(image, "spec", "description") ??
      textAt(image, "metadata", "annotations", "field.cattle.io/description"),
    source: textAt(image, "spec", "sourceType"),
    url: textAt(image, "spec", "url"),
    checksum: textAt(image, "spec", "checksum"),
    madeFrom: originOf(image),
    encryption: crypto === "encrypt" || crypto === "decrypt" ? crypto : null,
    state,
    progress:
      state === "ready" ? 100 : Math.max(0, Math.min(100, numberAt(image, "status", "progress") ?? 0)),
    sizeBytes: numberAt(image, "status", "size"),
    virtualSizeBytes: numberAt(image, "status", "virtualSize"),
    storageClass: textAt(image, "status", "storageClassName"),
    failures: numberAt(image, "status", "failed") ?? 0,
    message: messageOf(image),
  };
}

function originOf(image: KubeObject): string | null {
  const volume = textAt(image, "spec", "pvcName");
  if (volume !== null) return `${textAt(image, "spec", "pvcNamespace") ?? ""}/${volume}`;
  const source = textAt(image, "spec", "securityParameters", "sourceImageName");
  if (source === null) return null;
  return `${textAt(image, "spec", "securityParameters", "sourceImageNamespace") ?? ""}/${source}`;
}

function stateOf(image: KubeObject): Image["state"] {
  if (image.metadata.deletionTimestamp !== undefined) return "deleting";
  const imported = conditionOf(image, "Imported");
  if (imported?.status === "True") return "ready";
  const limit = conditionOf(image, "RetryLimitExceeded")?.status;
  if (limit === "True" || (limit === undefined && imported?.status === "False")) return "failed";
  const begun = conditionOf(image, "Initialized")?.status === "True";
  return begun && (numberAt(image, "status", "progress") ?? 0) > 0 ? "importing" : "waiting";
}

/** What the first condition that is not as it should be says. */
function messageOf(image: KubeObject): string | null {
  const bad = conditionsOf(image).find(
    ({ type, status, message }) =>
      message !== null &&
      (type === "RetryLimitExceeded" ? status === "True" : type === "Imported" && status !== "True"),
  );
  return bad?.message ?? null;
}
