import type { Labels, Series } from "./promql-values.ts";
import { grownAt, type Wave, waveAt } from "./waves.ts";

/** A gauge that swings; it exists from an instant on. */
export function gauge(name: string, labels: Labels, fromMs: number, wave: Omit<Wave, "name">): Series {
  const whole = { ...wave, name: `${name}${Object.values(labels).join("/")}` };
  return { labels: { __name__: name, ...labels }, at: (ms) => (ms < fromMs ? undefined : waveAt(whole, ms)) };
}

/** A counter that grows by so much each second, on average; it begins with zero at an instant. */
export function counter(name: string, labels: Labels, fromMs: number, wave: Omit<Wave, "name">): Series {
  const whole = { ...wave, name: `${name}${Object.values(labels).join("/")}` };
  return {
    labels: { __name__: name, ...labels },
    at: (ms) => (ms < fromMs ? undefined : grownAt(whole, fromMs, ms)),
  };
}

/** A gauge that stands still. */
export function constant(name: string, labels: Labels, value: number, fromMs = 0): Series {
  return { labels: { __name__: name, ...labels }, at: (ms) => (ms < fromMs ? undefined : value) };
}
