import { type Route, route } from "../../../http/route.ts";
import { cloneImage } from "./operations/clone-image.ts";
import { createImage } from "./operations/create-image.ts";
import { decryptImage } from "./operations/decrypt-image.ts";
import { deleteImage } from "./operations/delete-image.ts";
import { downloadImage } from "./operations/download-image.ts";
import { encryptImage } from "./operations/encrypt-image.ts";
import { getImage } from "./operations/get-image.ts";
import { listImages } from "./operations/list-images.ts";
import { updateImage } from "./operations/update-image.ts";
import { uploadImage } from "./operations/upload-image.ts";

const within = "/v1/clusters/{id}/namespaces/{namespace}/images";

export const imageRoutes: readonly Route[] = [
  route(listImages, "GET", "/v1/clusters/{id}/images"),
  route(createImage, "POST", within, { status: 201 }),
  route(getImage, "GET", `${within}/{name}`),
  route(updateImage, "PATCH", `${within}/{name}`),
  route(deleteImage, "DELETE", `${within}/{name}`),
  route(uploadImage, "POST", `${within}/{name}:upload`),
  route(downloadImage, "GET", `${within}/{name}/file`),
  route(cloneImage, "POST", `${within}/{name}:clone`, { status: 201 }),
  route(decryptImage, "POST", `${within}/{name}:decrypt`, { status: 201 }),
  route(encryptImage, "POST", `${within}/{name}:encrypt`, { status: 201 }),
];
