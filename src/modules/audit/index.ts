export { type ChainPlace, chainOn, genesisHash } from "./chain.rules.ts";
export { putOff } from "./relay.rules.ts";
export {
  listDueMessages,
  listEvents,
  listTenantsWaiting,
  listUnsealed,
  type MessageRow,
  measureBacklog,
  nextMessageAt,
  placeEvents,
  type Settlement,
  settleMessages,
} from "./store.ts";
