import * as z from "zod";
import { defineOperation, type StreamBody } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { streamOf } from "../../stream-of.ts";
import { NamedRef } from "../../words.ts";
import { mustFindImage } from "../find-image.ts";

const longestMs = 2 * 60 * 60_000;

export const downloadImage = defineOperation({
  action: "harvester.image.download",
  effect: "read",
  scope: "clusters:read",
  summary: "Download the file of an image, as the cluster packs it",
  input: NamedRef,
  output: z.custom<StreamBody>(),
  gives: ["application/octet-stream"],
  raises: [...readRaises, "conflict"],
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const image = await mustFindImage(kube, at);
    if (image.state !== "ready") {
      throw problem(
        "conflict",
        "harvester.image_not_ready",
        `The image is ${image.state}. Wait until it is ready.`,
      );
    }
    const { body } = await kube.open({
      method: "GET",
      path: `${stevePath("harvesterhci.io.virtualmachineimages", at.namespace, at.name)}/download`,
      timeoutMs: longestMs,
    });
    return {
      stream: streamOf(body),
      contentType: "application/octet-stream",
      fileName: `${at.name}.img`,
    };
  },
});
