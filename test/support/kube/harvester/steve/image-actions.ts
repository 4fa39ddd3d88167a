import type { KubeObject, SimRequest, SimResponse } from "../../words.ts";
import { annotate } from "../admission/look.ts";
import { isTrue, withCondition } from "../machines/conditions.ts";
import { fieldsAt, itemsAt, textAt } from "../machines/fields.ts";
import { uploadedAnnotation, uploadSizeAnnotation } from "../machines/image.rules.ts";
import { failed } from "./action-fault.ts";
import type { Action, Asked } from "./asking.ts";
import { imageBytes, keepImage, readPart } from "./image-bytes.ts";

export function imageActionNames(_request: SimRequest, image: KubeObject): string[] {
  return textAt(image, "spec", "sourceType") === "upload" ? ["upload"] : [];
}

function edit(asked: Asked, change: (image: KubeObject) => void): void {
  asked.world.store.edit(asked.type.kind, asked.namespace, asked.name, change);
}

/** An upload that failed is told in the image's conditions, and in the answer. */
function failUpload(asked: Asked, why: string): Error {
  edit(asked, (image) => {
    const status = fieldsAt(image, "status");
    const failure = {
      type: "Imported",
      status: "False",
      reason: "UploadFailed",
      message: why,
    } as const;
    const conditions = withCondition(itemsAt(status, "conditions"), failure, asked.world.clock.now());
    image["status"] = { ...status, conditions };
  });
  return failed(why);
}

function boundaryOf({ request }: Asked): string {
  const type = request.headers["content-type"] ?? "";
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) throw failed("request Content-Type isn't multipart/form-data");
  return boundary;
}

const upload: Action = async (asked) => {
  const { request, object, world } = asked;
  if (textAt(object, "spec", "sourceType") !== "upload") {
    throw failed(`upload failed: image ${asked.namespace}/${asked.name} is not to be uploaded`);
  }
  if (isTrue(object, "Imported")) throw failed("upload failed: the image is there already");
  const size = Number(request.query.get("size") ?? "");
  if (!Number.isSafeInteger(size) || size <= 0) {
    throw failed(
      `upload failed: strconv.ParseInt: parsing "${request.query.get("size") ?? ""}": invalid syntax`,
    );
  }
  const boundary = boundaryOf(asked);
  edit(asked, (image) => {
    annotate(image, uploadSizeAnnotation, String(size));
    annotate(image, uploadedAnnotation, "0");
  });
  let told = 0;
  const tell = (bytes: number) => {
    if (bytes >= size || bytes - told < size / 10) return;
    told = bytes;
    edit(asked, (image) => annotate(image, uploadedAnnotation, String(bytes)));
  };
  const part = await readPart(request.incoming, boundary, tell).catch((error: unknown) => {
    throw failUpload(asked, `upload failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (part.bytes !== size) {
    throw failUpload(
      asked,
      `upload failed: the size of the file is ${part.bytes}, not the ${size} that was said`,
    );
  }
  if (part.content !== undefined) keepImage(world, object.metadata.uid, part.content);
  edit(asked, (image) => annotate(image, uploadedAnnotation, String(size)));
  return { status: 200 };
};

export const imageActions: Readonly<Record<string, Action>> = { upload };

/** The file of an image. @throws ActionFault 500 while it is not there */
export function downloadImage({ world, object, namespace, name }: Asked): SimResponse {
  if (!isTrue(object, "Imported")) {
    throw failed(`failed to get VMImage with name(${name}), ns(${namespace}), error: the image is not ready`);
  }
  const file = `${textAt(object, "spec", "displayName") ?? name}.img`;
  return {
    status: 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename=${file}`,
    },
    body: imageBytes(world, object),
  };
}
