import { type Route, route } from "../../http/route.ts";
import { deleteSecret } from "./operations/delete-secret.ts";
import { getSecret } from "./operations/get-secret.ts";
import { listSecrets } from "./operations/list-secrets.ts";
import { putSecret } from "./operations/put-secret.ts";

export const secretRoutes: readonly Route[] = [
  route(listSecrets, "GET", "/v1/secrets"),
  route(getSecret, "GET", "/v1/secrets/{name}"),
  route(putSecret, "PUT", "/v1/secrets/{name}"),
  route(deleteSecret, "DELETE", "/v1/secrets/{name}"),
];
