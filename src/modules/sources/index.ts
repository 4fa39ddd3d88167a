/** What other modules and the shell may use of sources. */

export { keepPolled } from "./history/keep-intake.ts";
export { readHistory } from "./history/read-history.ts";
export { mayList } from "./may-list.ts";
export { minuteOf } from "./minute.rules.ts";
export type { IntakePort } from "./port.ts";
export { setAsidePacket } from "./queued/set-aside-packet.ts";
export { takePackets } from "./queued/take-packets.ts";
export { bodyTooLarge, isFailure, type Receipt, receiveRequest } from "./receive-request.ts";
export { handshakeHeaders } from "./receiving/handshake.rules.ts";
export { recallSource, rememberSource } from "./remembered-sources.ts";
export { setAsideEvents } from "./set-aside-events.ts";
export { addCounts, findSourceByAddress, insertSetAside, listSourceTypes } from "./store.ts";
export { sweepIntake } from "./sweep-intake.ts";
