import { type Route, route } from "../../../http/route.ts";
import { createNamespace } from "./operations/create-namespace.ts";
import { deleteNamespace } from "./operations/delete-namespace.ts";
import { getNamespace } from "./operations/get-namespace.ts";
import { listNamespaces } from "./operations/list-namespaces.ts";
import { removeNamespaceQuota } from "./operations/remove-namespace-quota.ts";
import { setNamespaceQuota } from "./operations/set-namespace-quota.ts";

const all = "/v1/clusters/{id}/namespaces";

export const namespaceRoutes: readonly Route[] = [
  route(listNamespaces, "GET", all),
  route(createNamespace, "POST", all, { status: 201 }),
  route(getNamespace, "GET", `${all}/{namespace}`),
  route(deleteNamespace, "DELETE", `${all}/{namespace}`),
  route(setNamespaceQuota, "PUT", `${all}/{namespace}/quota`),
  route(removeNamespaceQuota, "DELETE", `${all}/{namespace}/quota`),
];
