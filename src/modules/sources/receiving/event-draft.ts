import type { EventProof, MaruEvent } from "../../../../contracts/events.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";

/** An event as its sender gave it, before the gate adds its own attributes. */
export interface EventDraft {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Milliseconds since 1970 UTC; null when the sender told no time. */
  readonly time: number | null;
  readonly subject?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly sequence?: string;
  readonly extensions?: Readonly<Record<string, string | number | boolean>>;
  readonly data?: MaruEvent["data"];
}

/** An item of a body: an event and where its data lies, or what is wrong with it; pointers lead into the body. */
export type ReadEvent =
  | { readonly draft: EventDraft; readonly dataAt?: string }
  | {
      readonly errors: readonly [FieldProblem, ...FieldProblem[]];
      /** It could be read, but its data does not fit the schema of its type. */
      readonly unfit?: { readonly id: string; readonly type: string };
    };

/** What came in, as far as adapters see it. Header names are lower-case. */
export interface HttpMessage {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What the gate knows and the sender doesn't say. */
export interface GateFacts {
  readonly tenantId: string;
  readonly sourceId: string;
  readonly now: number;
  readonly verified: EventProof;
  readonly maxPastMs: number;
  readonly maxFutureMs: number;
}
