import { type LogSeal, sealAction } from "../../src/modules/clusters/index.ts";
import { type Sql, SqlRows } from "../alerts/sql-rows.ts";
import type { CallLog } from "./call-log.ts";
import type { EventsOut } from "./events-out.ts";
import type { Signer } from "./signer.ts";

type Head = Pick<LogSeal, "seq" | "hash">;

/**
 * Once a day the head of the log of calls is signed and put into the audit log, out of reach of whoever could rewrite
 * this object's storage. A head that the log does not hold any more is told at once.
 */
export class LogSeals extends SqlRows {
  readonly #log: CallLog;
  readonly #out: EventsOut;

  constructor(sql: Sql, log: CallLog, out: EventsOut) {
    super(sql);
    this.#log = log;
    this.#out = out;
  }

  /** Says whether the log has grown since the last seal, so that there will be something to seal. */
  get isDue(): boolean {
    return this.#log.head().seq !== (this.#last()?.seq ?? 0);
  }

  async seal(signer: Signer, now: number): Promise<void> {
    const last = this.#last();
    const head = this.#log.head();
    if (last !== undefined && !this.#log.holds(last)) this.#tellBroken(last, head, now);
    else if (head.seq === (last?.seq ?? 0)) return;
    this.write("insert or replace into sealed (id, seq, hash) values (1, ?, ?)", head.seq, head.hash);
    if (head.seq > 0) this.#out.note(sealAction, await signer.seal(head, now), now);
  }

  #last(): Head | undefined {
    return this.all<{ seq: number; hash: string }>("select seq, hash from sealed")[0];
  }

  #tellBroken(sealed: Head, now: Head, at: number): void {
    const data = { severity: "critical", sealed, now };
    this.#out.note("clusters.call.logBroken", data, at);
    this.#out.tell(`log-${at}`, "maru.cluster.log_broken", "calls", at, data);
  }
}
