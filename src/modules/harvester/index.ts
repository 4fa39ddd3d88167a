/** What the shell may use of harvester. */
export { actionHandler } from "./actions/action-handler.ts";
export { beginConsole, readTicket } from "./consoles/begin-console.ts";
export type { ConsolePlace } from "./consoles/ticket.rules.ts";
