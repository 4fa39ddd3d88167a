/** What other modules and the shell may use of sources. */

export { type HistoryRange, readHistory } from "./history/read-history.ts";
export type { IntakePort } from "./port.ts";
export { isFailure, receiveRequest } from "./receive-request.ts";
export { handshakeHeaders } from "./receiving/handshake.rules.ts";
export { setAsideEvents } from "./set-aside-events.ts";
export { addCounts, findSourceByAddress, insertSetAside } from "./store.ts";
export { sweepIntake } from "./sweep-intake.ts";
