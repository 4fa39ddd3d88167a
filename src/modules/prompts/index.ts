/** What other modules may use: a version by `id`, `id@version`, `name` or `name@version`. */
export { mustFindPromptVersion } from "./find-prompt.ts";
