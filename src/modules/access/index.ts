/** What other modules and the shell may use of access. */
export { authenticate } from "./authenticate.ts";
export { onlyOnce } from "./once.store.ts";
export { mustFindProject } from "./projects/get-project.ts";
export { stillMay } from "./still-may.ts";
export { listTenants } from "./tenants/store.ts";
export { findUserIds } from "./users/store.ts";
