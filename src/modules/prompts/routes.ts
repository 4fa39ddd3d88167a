import { type Route, route } from "../../http/route.ts";
import { addPromptVersion } from "./operations/add-prompt-version.ts";
import { approvePromptVersion } from "./operations/approve-prompt-version.ts";
import { createPrompt } from "./operations/create-prompt.ts";
import { deprecatePromptVersion } from "./operations/deprecate-prompt-version.ts";
import { diffPromptVersions } from "./operations/diff-prompt-versions.ts";
import { getPrompt } from "./operations/get-prompt.ts";
import { getPromptVersion } from "./operations/get-prompt-version.ts";
import { listPromptVersions } from "./operations/list-prompt-versions.ts";
import { listPrompts } from "./operations/list-prompts.ts";
import { renderPrompt } from "./operations/render-prompt.ts";

export const promptRoutes: readonly Route[] = [
  route(createPrompt, "POST", "/v1/prompts", { status: 201 }),
  route(listPrompts, "GET", "/v1/prompts"),
  route(getPrompt, "GET", "/v1/prompts/{id}"),
  route(addPromptVersion, "POST", "/v1/prompts/{id}/versions", { status: 201 }),
  route(listPromptVersions, "GET", "/v1/prompts/{id}/versions"),
  route(getPromptVersion, "GET", "/v1/prompts/{id}/versions/{version}"),
  route(approvePromptVersion, "POST", "/v1/prompts/{id}/versions/{version}:approve"),
  route(deprecatePromptVersion, "POST", "/v1/prompts/{id}/versions/{version}:deprecate"),
  route(diffPromptVersions, "GET", "/v1/prompts/{id}/versions/{version}:diff"),
  route(renderPrompt, "POST", "/v1/prompts/{id}/versions/{version}:render"),
];
