import { type Series, SeriesMap } from "../../src/kernel/series.ts";
import { metricCatalogue } from "../../src/modules/observability/index.ts";
import type { Env } from "../../src/platform/env.ts";
import type { MeterBatch } from "../../src/platform/meter/sharded-meter.ts";
import { BaseObject } from "../kit/base-object.ts";
import { metersSteps } from "./schema.ts";
import { MetersStore } from "./store.ts";

const persistAfterMs = 5_000;
const sourceKeptMs = 3600_000;
const maxSeriesOfMetric = 5_000;

/**
 * One shard of the platform's metrics. Counts stay in memory for five seconds before they are stored: a crash loses at
 * most those.
 */
export class MetersObject extends BaseObject {
  readonly #store: MetersStore;
  readonly #series: SeriesMap;
  readonly #sources: Map<string, number>;
  readonly #changed = new Set<string>();
  readonly #heard = new Map<string, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, metersSteps);
    this.#store = new MetersStore(ctx.storage);
    this.#series = new SeriesMap(metricCatalogue, maxSeriesOfMetric);
    this.#sources = this.#store.sources();
    for (const series of this.#store.series()) this.#series.add(series);
  }

  /** Adds a batch; one that was added before changes nothing. */
  async push(batch: MeterBatch): Promise<void> {
    if (batch.n <= (this.#sources.get(batch.source) ?? 0)) return;
    this.#sources.set(batch.source, batch.n);
    this.#heard.set(batch.source, batch.n);
    for (const series of batch.series) {
      const key = this.#series.add(series);
      if (key !== undefined) this.#changed.add(key);
    }
    this.alarms.sooner("persist", Date.now() + persistAfterMs);
    await this.alarms.arm();
  }

  /** Every series of this shard. */
  snapshot(): Series[] {
    return this.#series.all();
  }

  protected override async wake(_reason: string, now: number): Promise<undefined> {
    const changed = [...this.#changed].flatMap((key) => {
      const series = this.#series.get(key);
      return series === undefined ? [] : [[key, series] as const];
    });
    this.#store.save(changed, this.#heard, now, now - sourceKeptMs);
    this.#changed.clear();
    this.#heard.clear();
  }
}
