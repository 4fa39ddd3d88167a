import type * as z from "zod";
import { problem } from "../../../kernel/problem.ts";
import { conditionsOf, metaOf, numberAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { CreateSupportBundle, SupportBundle } from "./schemas.ts";

/** Where the cluster keeps its bundles. */
export const bundleNamespace = "harvester-system";

export function readSupportBundle(bundle: KubeObject): SupportBundle {
  const state = textAt(bundle, "status", "state");
  const told = conditionsOf(bundle).find(({ status, message }) => status === "False" && message !== null);
  return {
    ...metaOf(bundle),
    description: textAt(bundle, "spec", "description"),
    issueUrl: textAt(bundle, "spec", "issueURL"),
    state: state === "ready" ? "ready" : state === "error" ? "failed" : "collecting",
    progress: state === "ready" ? 100 : (numberAt(bundle, "status", "progress") ?? 0),
    fileName: textAt(bundle, "status", "filename"),
    sizeBytes: numberAt(bundle, "status", "filesize"),
    message: told?.message ?? null,
  };
}

export function bundleOf(asked: z.output<typeof CreateSupportBundle>): Record<string, unknown> {
  return {
    apiVersion: "harvesterhci.io/v1beta1",
    kind: "SupportBundle",
    metadata: { namespace: bundleNamespace, generateName: "bundle-" },
    spec: {
      description: asked.description,
      ...(asked.issueUrl === undefined ? {} : { issueURL: asked.issueUrl }),
      ...(asked.namespaces.length === 0 ? {} : { extraCollectionNamespaces: asked.namespaces }),
    },
  };
}

/** @throws conflict `harvester.wrong_state` until the bundle is ready */
export function mustBeCollected(bundle: SupportBundle): void {
  if (bundle.state === "ready") return;
  throw problem(
    "conflict",
    "harvester.wrong_state",
    bundle.state === "failed"
      ? "The bundle could not be collected. Make another one."
      : `The bundle is being collected: ${bundle.progress} percent. Try again when it is ready.`,
  );
}
