import type { Machine } from "../../../cli/src/cli.ts";
import type { Transport } from "../../../cli/src/client/transport.ts";

export interface FakeMachine extends Machine {
  readonly out: () => string;
  readonly err: () => string;
  /** The waits that were asked for, in milliseconds. */
  readonly waits: readonly number[];
  interrupt(): void;
}

export interface FakeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly canAsk?: boolean;
  readonly answers?: readonly string[];
  readonly stdin?: string;
  readonly fetch?: (url: string, init: RequestInit) => Response | Promise<Response>;
}

/** A machine in memory: its clock moves by the waits asked of it, its screen is text. */
export function fakeMachine(options: FakeOptions = {}): FakeMachine {
  let out = "";
  let err = "";
  let now = 1_800_000_000_000;
  const waits: number[] = [];
  const answers = [...(options.answers ?? [])];
  const handlers = new Set<() => void>();
  const transport: Transport = {
    fetch: async (url, init) => {
      if (!options.fetch) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
      const answer = await options.fetch(String(url), init ?? {});
      init?.signal?.throwIfAborted();
      return answer;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
    random: () => 0.5,
    now: () => now,
  };
  const nextAnswer = async () => answers.shift() ?? "";
  return {
    env: { MARU_CONFIG: "/nonexistent/maru/config.json", ...options.env },
    transport,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    canAsk: options.canAsk ?? false,
    ask: nextAnswer,
    askHidden: nextAnswer,
    readStdin: async () => options.stdin ?? "",
    onInterrupt(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    out: () => out,
    err: () => err,
    waits,
    interrupt() {
      for (const handler of handlers) handler();
    },
  };
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  return new Response(JSON.stringify(value), { status, headers: { "content-type": type, ...headers } });
}

/** A problem document as the API writes it. */
export function problemAnswer(
  status: number,
  code: string,
  more: object = {},
  headers: Record<string, string> = {},
) {
  const document = {
    title: "T",
    status,
    detail: `Refused: ${code}.`,
    code,
    requestId: "req_1",
    retryable: false,
    errors: [],
  };
  return json({ ...document, ...more }, status, headers);
}
