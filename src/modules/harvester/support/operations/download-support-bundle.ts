import * as z from "zod";
import { defineOperation, type StreamBody } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { streamOf } from "../../stream-of.ts";
import { ClusterNamedRef } from "../../words.ts";
import { bundleNamespace, mustBeCollected, readSupportBundle } from "../support-bundle.rules.ts";

const longestMs = 30 * 60_000;

export const downloadSupportBundle = defineOperation({
  action: "harvester.support_bundle.download",
  effect: "read",
  scope: "clusters:admin",
  summary: "Download a support bundle that is collected",
  input: ClusterNamedRef,
  output: z.custom<StreamBody>(),
  gives: ["application/zip"],
  raises: [...readRaises, "conflict"],
  async run(ctx, { id, name }) {
    const kube = await openWholeCluster(ctx, id);
    const path = pathOf("harvester", "supportbundles", { namespace: bundleNamespace, name });
    mustBeCollected(readSupportBundle(await kube.get(path)));
    const { body } = await kube.open({
      method: "GET",
      path: `/v1/harvester/supportbundles/${encodeURIComponent(name)}/download`,
      timeoutMs: longestMs,
    });
    return { stream: streamOf(body), contentType: "application/zip", fileName: `${name}.zip` };
  },
});
