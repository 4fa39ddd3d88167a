import type { LlmPort } from "../../../kernel/ports/llm.ts";
import { problem } from "../../../kernel/problem.ts";
import type { Judge } from "../judge.ts";
import { embeddingCacheKey } from "./judge-cache.ts";
import type { JudgeLine } from "./judge-line.ts";
import { untilAborted } from "./share-in-flight.ts";
import { estimateTokens } from "./tokens.rules.ts";

type Vector = readonly number[];
interface Wanted {
  readonly key: string;
  readonly text: string;
}

/** Texts that are being embedded right now, by the key of their cache entry. */
type Flights = Map<string, Promise<Vector>>;
interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * Embeds texts in their order. Each distinct text is looked up in the cache, then among the texts that are being
 * embedded right now, and only the rest is sent, in one request.
 */
export function embedder(line: JudgeLine): Judge["embed"] {
  const flights: Flights = new Map();

  return async (texts, signal) => {
    const { options } = line;
    const llm = options.embeddingLlm ?? options.llm;
    const model = options.embeddingModel;
    if (model === undefined) throw modelMissing();
    signal?.throwIfAborted();
    const wanted = await wantedOf(line, llm, model, texts);
    const found = await cachedVectors(line, wanted);
    await awaitFlights(flights, wanted, found, signal);
    const missing = wanted.filter(({ text }) => !found.has(text));
    const usage =
      missing.length === 0
        ? { inputTokens: 0, outputTokens: 0 }
        : await fetchMissing(flights, missing, found, send(line, llm, model, missing, signal));
    await Promise.all(
      missing.map(({ key, text }) =>
        line.remember(key, { kind: "embedding", vector: found.get(text) ?? [] }),
      ),
    );
    return {
      vectors: texts.map((text) => found.get(text) ?? []),
      call: {
        promptName: "embedding",
        promptVersion: "1",
        provider: llm.provider,
        model,
        params: {},
        ...usage,
        ...line.cost(llm.provider, model, usage),
        cached: missing.length === 0,
        repaired: false,
      },
    };
  };
}

/** The distinct texts with their keys. */
function wantedOf(
  { options }: JudgeLine,
  { provider }: LlmPort,
  model: string,
  texts: readonly string[],
): Promise<Wanted[]> {
  const identity = { tenantId: options.tenantId, provider, baseUrl: options.baseUrl ?? "", model };
  return Promise.all(
    [...new Set(texts)].map(async (text) => ({ text, key: await embeddingCacheKey({ ...identity, text }) })),
  );
}

/** Takes what others are embedding right now; what fails with them is missing here. */
async function awaitFlights(
  flights: Flights,
  wanted: readonly Wanted[],
  found: Map<string, Vector>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { key, text } of wanted) {
    const flight = found.has(text) ? undefined : flights.get(key);
    if (!flight) continue;
    const vector = await untilAborted(flight, signal).catch(() => undefined);
    signal?.throwIfAborted();
    if (vector) found.set(text, vector);
  }
}

/** Lets others share the request while it is under way, and takes its vectors. */
async function fetchMissing(
  flights: Flights,
  missing: readonly Wanted[],
  found: Map<string, Vector>,
  request: ReturnType<typeof send>,
): Promise<Usage> {
  missing.forEach(({ key }, index) => {
    const flight = request.then(({ vectors }) => vectors[index] ?? []);
    flight.catch(() => undefined);
    flights.set(key, flight);
  });
  try {
    const { vectors, usage } = await request;
    missing.forEach(({ text }, index) => {
      found.set(text, vectors[index] ?? []);
    });
    return { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
  } finally {
    for (const { key } of missing) flights.delete(key);
  }
}

function modelMissing() {
  return problem("invalid_input", "llm.embeddings_missing", "The model profile names no embedding model.", {
    errors: [
      { pointer: "/embeddingModel", code: "required", message: "A metric of this run needs embeddings." },
    ],
  });
}

async function cachedVectors(line: JudgeLine, wanted: readonly Wanted[]): Promise<Map<string, Vector>> {
  const found = new Map<string, Vector>();
  await Promise.all(
    wanted.map(async ({ key, text }) => {
      const entry = await line.cached(key);
      if (entry?.kind === "embedding") found.set(text, entry.vector);
    }),
  );
  return found;
}

function send(
  line: JudgeLine,
  llm: LlmPort,
  model: string,
  missing: readonly Wanted[],
  signal: AbortSignal | undefined,
) {
  const texts = missing.map(({ text }) => text);
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return line.request({ provider: llm.provider, model, kind: "embedding", inputTokens }, signal, () =>
    llm.embed(model, texts, signal),
  );
}
