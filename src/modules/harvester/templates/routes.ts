import { type Route, route } from "../../../http/route.ts";
import { createTemplate } from "./operations/create-template.ts";
import { createTemplateVersion } from "./operations/create-template-version.ts";
import { deleteTemplate } from "./operations/delete-template.ts";
import { deleteTemplateVersion } from "./operations/delete-template-version.ts";
import { getTemplate } from "./operations/get-template.ts";
import { getTemplateVersion } from "./operations/get-template-version.ts";
import { listTemplateVersions } from "./operations/list-template-versions.ts";
import { listTemplates } from "./operations/list-templates.ts";
import { updateTemplate } from "./operations/update-template.ts";

const within = "/v1/clusters/{id}/namespaces/{namespace}";

export const templateRoutes: readonly Route[] = [
  route(listTemplates, "GET", "/v1/clusters/{id}/templates"),
  route(createTemplate, "POST", `${within}/templates`, { status: 201 }),
  route(getTemplate, "GET", `${within}/templates/{name}`),
  route(updateTemplate, "PATCH", `${within}/templates/{name}`),
  route(deleteTemplate, "DELETE", `${within}/templates/{name}`),
  route(createTemplateVersion, "POST", `${within}/templates/{name}/versions`, { status: 201 }),
  route(listTemplateVersions, "GET", "/v1/clusters/{id}/template-versions"),
  route(getTemplateVersion, "GET", `${within}/template-versions/{name}`),
  route(deleteTemplateVersion, "DELETE", `${within}/template-versions/{name}`),
];
