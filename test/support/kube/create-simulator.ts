import { runningClock, virtualClock } from "./api-server/clock.ts";
import type { Cluster } from "./api-server/cluster.ts";
import { coreControllers } from "./api-server/core-controllers.ts";
import { coreKinds } from "./api-server/core-kinds.ts";
import { seedCore } from "./api-server/core-seed.ts";
import { KindRegistry } from "./api-server/kinds.ts";
import { MemoryStore } from "./api-server/memory-store.ts";
import { seededNumbers } from "./api-server/numbers.ts";
import { PodLogStore } from "./api-server/pod-log-store.ts";
import { ApiServer } from "./api-server/server.ts";
import { tokenBook } from "./api-server/token-book.ts";
import { WatchHub } from "./api-server/watch-hub.ts";
import type { Simulator, SimulatorOptions, World } from "./words.ts";

const HISTORY_LENGTH = 10_000;
const WATCH_BACKLOG = 1_000;
const BOOKMARK_EVERY_MS = 60_000;
const FIRST_INSTANT = "2026-01-05T09:00:00Z";

/** Starts a simulated cluster that serves the Kubernetes API on the loopback. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { extensions, clock: pace, seed = 1, startAt } = options;
  const from = Date.parse(startAt ?? (pace === "virtual" ? FIRST_INSTANT : new Date().toISOString()));
  const clock = pace === "virtual" ? virtualClock(from) : runningClock(from, pace);
  const kinds = new KindRegistry([...coreKinds, ...extensions.flatMap(({ kinds: own = [] }) => own)]);
  const names = seededNumbers(seed + 1);
  const historyLength = options.historyLength ?? HISTORY_LENGTH;
  const store = new MemoryStore({ kinds, clock, numbers: names, historyLength });
  const logs = new PodLogStore(clock);
  const tokens = tokenBook(options.tokens, names);
  const world: World = { store, clock, random: seededNumbers(seed), logs, tokens };
  const watches = new WatchHub(store, {
    backlog: options.watchBacklog ?? WATCH_BACKLOG,
    bookmarkEveryMs: options.bookmarkEveryMs ?? BOOKMARK_EVERY_MS,
  });
  const admissions = extensions.flatMap(({ admissions: own = [] }) => own);
  const cluster: Cluster = { world, store, kinds, logs, admissions, watches, options };
  const server = new ApiServer(cluster);
  seedCore(world);
  for (const extension of extensions) extension.seed?.(world);
  const controllers = [...coreControllers(store), ...extensions.flatMap(({ controllers: own = [] }) => own)];
  for (const controller of controllers) controller.start(world);
  const url = await server.listen(options);
  return {
    url,
    world,
    inject: (fault) => server.inject(fault),
    async stop() {
      watches.stop();
      clock.stop();
      await server.stop();
    },
  };
}
