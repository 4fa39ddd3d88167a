import type { AlertsObject } from "../../durable-objects/alerts/alerts-object.ts";
import type { EngineObject } from "../../durable-objects/engine/engine-object.ts";
import type { JobsObject } from "../../durable-objects/jobs/jobs-object.ts";
import type { LanesObject } from "../../durable-objects/lanes/lanes-object.ts";
import type { LedgerObject } from "../../durable-objects/ledger/ledger-object.ts";
import type { LimitsObject } from "../../durable-objects/limits/limits-object.ts";
import type { MetersObject } from "../../durable-objects/meters/meters-object.ts";
import type { RelayObject } from "../../durable-objects/relay/relay-object.ts";
import type { SchedulerObject } from "../../durable-objects/scheduler/scheduler-object.ts";

/** The bindings of wrangler.toml. */
export interface Env {
  readonly DB: D1Database;
  readonly BLOBS: R2Bucket;
  readonly HYPERDRIVE?: Hyperdrive;
  readonly ASSETS?: Fetcher;
  readonly AI?: unknown;
  readonly JOBS: DurableObjectNamespace<JobsObject>;
  readonly LANES: DurableObjectNamespace<LanesObject>;
  readonly LEDGER: DurableObjectNamespace<LedgerObject>;
  readonly LIMITS: DurableObjectNamespace<LimitsObject>;
  readonly ENGINE: DurableObjectNamespace<EngineObject>;
  readonly ALERTS: DurableObjectNamespace<AlertsObject>;
  readonly SCHEDULER: DurableObjectNamespace<SchedulerObject>;
  readonly RELAY: DurableObjectNamespace<RelayObject>;
  readonly METERS: DurableObjectNamespace<MetersObject>;
  readonly WORK_FAST: Queue;
  readonly WORK_LLM: Queue;
  readonly WORK_BULK: Queue;
  readonly WORK_WATCH: Queue;
  readonly DELIVER: Queue;
  readonly POLL: Queue;
  readonly EVENTS: Queue;
}
