import { type Route, route } from "../../../http/route.ts";
import { deleteKey } from "./operations/delete-key.ts";
import { generateKey } from "./operations/generate-key.ts";
import { getKey } from "./operations/get-key.ts";
import { importKey } from "./operations/import-key.ts";
import { listKeys } from "./operations/list-keys.ts";

const within = "/v1/clusters/{id}/namespaces/{namespace}/ssh-keys";

export const keyRoutes: readonly Route[] = [
  route(listKeys, "GET", "/v1/clusters/{id}/ssh-keys"),
  route(importKey, "POST", within, { status: 201 }),
  route(generateKey, "POST", `${within}:generate`, { status: 201 }),
  route(getKey, "GET", `${within}/{name}`),
  route(deleteKey, "DELETE", `${within}/{name}`),
];
