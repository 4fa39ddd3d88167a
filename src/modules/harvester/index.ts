/** What the shell may use of harvester. */
export { actionHandler } from "./actions/action-handler.ts";
