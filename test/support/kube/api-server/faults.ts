import type { Fault } from "../words.ts";
import type { WatchHub } from "./watch-hub.ts";

type Lasting = Exclude<Fault["does"], { kind: "drop_watches" } | { kind: "expire_watches" }>;

interface Armed {
  readonly fault: Fault;
  readonly does: Lasting;
  left: number;
}

/** The misbehaviour that is asked for at the moment. */
export class Faults {
  #armed: Armed[] = [];
  readonly #watches: WatchHub;
  readonly #dropWatches: (path: string) => void;

  constructor(watches: WatchHub, dropWatches: (path: string) => void) {
    this.#watches = watches;
    this.#dropWatches = dropWatches;
  }

  inject(fault: Fault): () => void {
    const { does } = fault;
    if (does.kind === "drop_watches") {
      this.#dropWatches(fault.path ?? "");
      return () => {};
    }
    if (does.kind === "expire_watches") {
      this.#watches.expire(fault.path ?? "");
      return () => {};
    }
    const armed: Armed = { fault, does, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#armed.push(armed);
    return () => {
      this.#armed = this.#armed.filter((one) => one !== armed);
    };
  }

  /** The fault that this request meets, if any; it counts as one of its times. */
  take(method: string, path: string): Lasting | undefined {
    const met = this.#armed.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.method === undefined || fault.method === method) &&
        (fault.path === undefined || path.includes(fault.path)),
    );
    if (!met) return undefined;
    met.left -= 1;
    return met.does;
  }
}
