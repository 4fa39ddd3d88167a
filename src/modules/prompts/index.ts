/** What other modules may use: a version by `id`, `id@version`, `name` or `name@version`, and its text filled in. */
export { mustFindPromptVersion } from "./find-prompt.ts";
export type { PromptRow, PromptVersionRow } from "./tables.ts";
export { renderTemplate, variablesOf } from "./template.rules.ts";
