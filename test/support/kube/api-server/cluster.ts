import type { Admission, SimulatorOptions, World } from "../words.ts";
import type { KindRegistry } from "./kinds.ts";
import type { MemoryStore } from "./memory-store.ts";
import type { PodLogStore } from "./pod-log-store.ts";
import type { WatchHub } from "./watch-hub.ts";

/** What the handlers of the API share. */
export interface Cluster {
  readonly world: World;
  readonly store: MemoryStore;
  readonly kinds: KindRegistry;
  readonly logs: PodLogStore;
  readonly admissions: readonly Admission[];
  readonly watches: WatchHub;
  readonly options: SimulatorOptions;
}
