import { type Route, route } from "../../../http/route.ts";
import { createSupportBundle } from "./operations/create-support-bundle.ts";
import { deleteSupportBundle } from "./operations/delete-support-bundle.ts";
import { downloadSupportBundle } from "./operations/download-support-bundle.ts";
import { getSupportBundle } from "./operations/get-support-bundle.ts";
import { listSupportBundles } from "./operations/list-support-bundles.ts";

const all = "/v1/clusters/{id}/support-bundles";

export const supportRoutes: readonly Route[] = [
  route(listSupportBundles, "GET", all),
  route(createSupportBundle, "POST", all, { status: 201 }),
  route(getSupportBundle, "GET", `${all}/{name}`),
  route(deleteSupportBundle, "DELETE", `${all}/{name}`),
  route(downloadSupportBundle, "GET", `${all}/{name}/file`),
];
