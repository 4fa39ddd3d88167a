import * as z from "zod";
import { defineOperation, type StreamBody } from "../../../../kernel/operation.ts";
import { kubeOf } from "../../kube/kube.ts";
import { machineKind, mustTake, orderPath } from "../../machines/find-machine.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { streamOf } from "../../stream-of.ts";
import { NamedRef } from "../../words.ts";

export const readScreenshot = defineOperation({
  action: "harvester.vm_screenshot.read",
  effect: "read",
  scope: "clusters:read",
  summary: "Take a picture of what the screen of a virtual machine shows",
  input: NamedRef,
  output: z.custom<StreamBody>(),
  gives: ["image/png"],
  raises: [...readRaises, "conflict"],
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, at) {
    await mustTake(await openNamespace(ctx, at.id, at.namespace), at, "vnc");
    const path = orderPath("virtualmachineinstances", at, "vnc", "screenshot");
    const answer = await kubeOf(ctx, at.id).open({ method: "GET", path: `${path}?moveCursor=false` });
    return {
      stream: streamOf(answer.body),
      contentType: answer.headers["content-type"] ?? "image/png",
      fileName: `${at.name}.png`,
    };
  },
});
