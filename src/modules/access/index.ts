/** What other modules and the shell may use of access. */
export { type AuthenticationHost, authenticate } from "./authenticate.ts";
export { mayTouchProject } from "./grants.rules.ts";
export { type HoldKey, onlyOnce } from "./once.store.ts";
export { chooseProject } from "./projects/choose-project.ts";
export { Project } from "./projects/schemas.ts";
export { accessTables } from "./tables.ts";
