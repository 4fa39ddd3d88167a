import type { CommandKey } from "../../../contracts/relay/hello.ts";
import type { AgentKey } from "../trust/ed25519.ts";

/** Who the agent is, as its enrolment made it. */
export interface Identity {
  readonly tenantId: string;
  readonly clusterId: string;
  readonly agentId: string;
  readonly connectUrl: string;
  /** The control plane's keys that the agent trusts. */
  readonly keys: readonly CommandKey[];
}

/** Where identity and keys are kept; each change is on the disk when the call returns. */
export interface IdentityStore {
  identity(): Identity;
  trust(keys: readonly CommandKey[]): void;
  key(): AgentKey;
  /** A key that was offered and may have been taken. */
  nextKey(): AgentKey | undefined;
  offer(key: AgentKey): void;
  /** The offered key is the agent's key from now on. */
  promote(): void;
}
