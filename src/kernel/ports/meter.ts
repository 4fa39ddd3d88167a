export type Labels = Readonly<Record<string, string>>;

/** Counters, gauges and histograms by name; names and buckets are declared in the metric catalogue. */
export interface MeterPort {
  count(name: string, labels?: Labels, by?: number): void;
  observe(name: string, value: number, labels?: Labels): void;
  gauge(name: string, value: number, labels?: Labels): void;
  /** Sends what has gathered, once an interval at most or at once; called once after the reply. */
  flush(when?: "interval" | "at_once"): Promise<void>;
}
