import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { imagePath, mustFindImage } from "../find-image.ts";
import { mustWaitForFile } from "../image.rules.ts";
import { multipart } from "../multipart.ts";
import { readImage } from "../read-image.rules.ts";
import { Image, UploadImage } from "../schemas.ts";

const gibibyte = 1024 ** 3;
const longestMs = 2 * 60 * 60_000;

export const uploadImage = defineOperation({
  action: "harvester.image.upload",
  effect: "write",
  scope: "clusters:write",
  summary: "Send the file of an image that waits for one; it is streamed to the cluster",
  input: UploadImage,
  output: doneOf(Image),
  raises: [...writeRaises, "too_large"],
  takes: { mediaTypes: ["application/octet-stream"], maxBytes: 256 * gibibyte },
  resource: (at) => entityOf(at, "images"),
  async run(ctx, { size: said, fileName, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const size = said ?? ctx.body?.length;
    if (ctx.body === undefined || size === undefined) {
      throw problem("invalid_input", "harvester.size_missing", "Say the length of the file in bytes.", {
        errors: [{ pointer: "/query/size", code: "required", message: "Or send a Content-Length." }],
      });
    }
    mustWaitForFile(await mustFindImage(kube, at));
    const boundary = `maru-${crypto.randomUUID()}`;
    const form = multipart(ctx.body.stream, { field: "chunk", fileName, size, boundary });
    const answer = await kube.open({
      method: "POST",
      path: `${stevePath("harvesterhci.io.virtualmachineimages", at.namespace, at.name)}?action=upload&size=${size}`,
      headers: { accept: "application/json", "content-type": form.contentType },
      body: form.stream,
      timeoutMs: longestMs,
    });
    if (answer.body instanceof ReadableStream) await answer.body.cancel();
    const object = await kube.find(imagePath(at));
    return settle(
      ctx,
      entityOf(at, "images"),
      { commandId: answer.commandId, queued: false, object },
      readImage,
    );
  },
});
