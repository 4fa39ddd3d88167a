/** What other modules and the shell may use of sources. */

export type { IntakeGrant, IntakePort } from "./port.ts";
export { type Arrival, isFailure, type Receipt, receiveRequest } from "./receive-request.ts";
export { handshakeHeaders } from "./receiving/handshake.rules.ts";
export { type SetAsideEvent, setAsideEvents } from "./set-aside-events.ts";
export { addCounts, findSourceByAddress, insertSetAside } from "./store.ts";
export { sweepIntake } from "./sweep-intake.ts";
