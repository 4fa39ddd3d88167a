import { exitCodes } from "../exit-codes.ts";
import { ApiError, CliError } from "../failure.ts";
import { isTransient, readProblem, readRetryAfter } from "./problem.ts";
import { backoffMs, retryPolicy, type Transport } from "./transport.ts";

export interface SendOptions {
  readonly attempts?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((wait: { attempt: number; ms: number; why: string }) => void) | undefined;
}

/**
 * Sends a request until it is answered: network errors and transient answers are tried again with full jitter.
 * Throws `ApiError` for a refusal and `CliError` when the server cannot be reached. `make` is asked anew each time.
 */
export async function send(
  transport: Transport,
  url: string,
  make: () => RequestInit | Promise<RequestInit>,
  options: SendOptions = {},
): Promise<Response> {
  const attempts = options.attempts ?? retryPolicy.attempts;
  for (let attempt = 1; ; attempt++) {
    const tried = await tryOnce(transport, url, await make(), options.signal);
    if (tried instanceof Response) return tried;
    const { error, retryAfterMs = 0, transient } = tried;
    const ms = backoffMs(attempt, transport.random(), retryAfterMs);
    if (
      !transient ||
      attempt >= Math.min(attempts, tried.attempts ?? attempts) ||
      ms > retryPolicy.longestWaitMs
    )
      throw error;
    options.onRetry?.({ attempt, ms, why: error.message });
    await transport.sleep(ms, options.signal);
  }
}

interface Failed {
  readonly error: ApiError | CliError;
  readonly retryAfterMs?: number | undefined;
  readonly transient: boolean;
  /** How often it is worth trying at all, where that is less than usual. */
  readonly attempts?: number;
}

/** An agent that dials again is back at the first repeat; one that was switched off won't be at the fifth. */
const offlineAttempts = 2;

async function tryOnce(
  transport: Transport,
  url: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
): Promise<Response | Failed> {
  let response: Response;
  try {
    response = await transport.fetch(url, signal ? { ...init, signal } : init);
  } catch (error) {
    if (signal?.aborted) throw error;
    return { error: unreachable(url, error), transient: true };
  }
  if (response.ok || response.status === 304) return response;
  const problem = await readProblem(response);
  const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), transport.now());
  const transient = isTransient(response.status) || problem.code === "idempotency.running";
  const error = new ApiError(problem, retryAfterMs);
  const fewer = problem.code === "clusters.offline" ? { attempts: offlineAttempts } : {};
  return { error, retryAfterMs, transient, ...fewer };
}

function unreachable(url: string, error: unknown): CliError {
  const { origin } = new URL(url);
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as { code?: unknown })?.code;
  const why = typeof code === "string" ? code : cause instanceof Error ? cause.message : String(cause);
  return new CliError(
    exitCodes.unavailable,
    { en: `${origin} cannot be reached (${why}).`, ko: `${origin}에 연결할 수 없습니다 (${why}).` },
    {
      en: "Is the address right (--endpoint, MARU_ENDPOINT) and the server running?",
      ko: "주소(--endpoint, MARU_ENDPOINT)가 맞는지, 서버가 실행 중인지 확인하세요.",
    },
  );
}
