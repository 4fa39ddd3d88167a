/** What other modules and the shell may use of clusters. */
export { findAgent } from "./agent-store.ts";
export { type ClusterFact, clusterFacts, crashFact } from "./events/cluster-events.rules.ts";
export { unknownCluster } from "./find-cluster.ts";
export { mustKnowCluster } from "./must-know-cluster.ts";
export type {
  AgentPresence,
  InventoryPage,
  InventoryStep,
  LogCheck,
  LoggedCall,
  QueuedCommand,
  QueuedState,
  RelaysPort,
} from "./port.ts";
export { mustReachNamespace, reachableNamespaces } from "./reach.ts";
export { toBase64Url } from "./relay/base64url.ts";
export {
  consoleRefused,
  failureOf,
  isRead,
  linkLost,
  offline,
  timedOut,
} from "./relay/call-failure.rules.ts";
export { commandKeyOf, isSignedBy, openCommandKey } from "./relay/command-keys.ts";
export { isLogBroken, judgeProtocol, type RefusedHello, refuseHello } from "./relay/judge-hello.rules.ts";
export { type LogSeal, sealAction, sealText } from "./relay/log-seal.rules.ts";
export { chainOf, refuseToQueue } from "./relay/queueable.rules.ts";
export { type RelayFacts, readRelayFacts } from "./relay/relay-facts.ts";
export { replaceAgentKey } from "./relay/replace-agent-key.ts";
export { shownCallPath } from "./relay/shown-path.rules.ts";
export { findCluster } from "./store.ts";
export type { AgentRow, KeyRow } from "./tables.ts";
