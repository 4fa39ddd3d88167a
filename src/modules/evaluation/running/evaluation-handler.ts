import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import type { CaseResult } from "../../../../contracts/runs.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { tenantKey } from "../../../kernel/ports/blob.ts";
import { readCases } from "../../datasets/index.ts";
import type { JobHandler, StepHost, StepResult } from "../../jobs/index.ts";
import type { Judge } from "../judge.ts";
import type { PlannedMetric } from "../planning/plan.rules.ts";
import { planOf } from "../planning/plan-of.ts";
import { RunConfig } from "../planning/run-config.ts";
import { evaluateCase } from "./evaluate-case.ts";
import { finalizeRun } from "./finalize-run.ts";
import { judgeFor, type Use } from "./judge-for.ts";

const flushEveryMs = 5_000;

/** Works on a chunk of a run: scores the cases that have no result yet and keeps what is finished as it goes. */
export const evaluationHandler: JobHandler = {
  async work(ctx, host) {
    const config = RunConfig.parse(host.payload);
    const plan = planOf(config);
    return new ChunkOfRun(ctx, host, config, plan).run();
  },
  finalize: finalizeRun,
};

class ChunkOfRun {
  readonly #ctx: Ctx;
  readonly #host: StepHost;
  readonly #config: RunConfig;
  readonly #plan: readonly PlannedMetric[];
  readonly #use: Use = { costMicros: 0, requests: 0, tokens: 0 };
  readonly #judges = new Map<number, Promise<Judge | undefined>>();
  #finished: CaseResult[] = [];
  #parts = 0;
  #flushedAt = Date.now();

  constructor(ctx: Ctx, host: StepHost, config: RunConfig, plan: readonly PlannedMetric[]) {
    this.#ctx = ctx;
    this.#host = host;
    this.#config = config;
    this.#plan = plan;
  }

  async run(): Promise<StepResult> {
    const { from, to, doneUnits } = this.#host.step.chunk;
    const { repeats, dataset, concurrency } = this.#config;
    const done = new Set(doneUnits);
    const cases = new Map<number, EvaluationCase>();
    const first = Math.floor(from / repeats);
    let index = first;
    for await (const evaluationCase of readCases(this.#ctx, {
      datasetId: dataset.id,
      version: dataset.version,
      from: first,
      to: Math.ceil(to / repeats),
    })) {
      cases.set(index++, evaluationCase);
    }
    const units = Array.from({ length: to - from }, (_, i) => from + i).filter((unit) => !done.has(unit));
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let unit = units.shift(); unit !== undefined && failures.length === 0; unit = units.shift()) {
        const evaluationCase = cases.get(Math.floor(unit / repeats));
        if (evaluationCase === undefined) throw new Error(`the data set ${dataset.id} has no case ${unit}`);
        try {
          await this.#score(unit, evaluationCase);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    if (failures.length > 0) {
      await this.#flush(true);
      throw failures[0];
    }
    const outcomes = outcomesOf(this.#finished, repeats);
    const resultRef = await this.#writePart();
    return { ...(resultRef === undefined ? {} : { resultRef }), outcomes, ...this.#spent() };
  }

  async #score(unit: number, evaluationCase: EvaluationCase): Promise<void> {
    const { repeats } = this.#config;
    const place = { index: Math.floor(unit / repeats), repeat: unit % repeats };
    const judge = await this.#judge(place.repeat);
    this.#host.signal.throwIfAborted();
    const tools = { signal: this.#host.signal, ...(judge ? { judge } : {}) };
    const result = await evaluateCase(place, evaluationCase, this.#plan, tools);
    this.#host.signal.throwIfAborted();
    this.#finished.push(result);
    await this.#flush(false);
  }

  #judge(repeat: number): Promise<Judge | undefined> {
    const known = this.#judges.get(repeat);
    if (known) return known;
    const made = judgeFor(this.#ctx, this.#config, repeat, this.#host, this.#use);
    this.#judges.set(repeat, made);
    return made;
  }

  #spent() {
    const { costMicros, requests, tokens } = this.#use;
    return { costMicros, usage: { requests, tokens } };
  }

  async #flush(now: boolean): Promise<void> {
    const due = now || Date.now() - this.#flushedAt >= flushEveryMs;
    if (!due || this.#finished.length === 0) return;
    this.#flushedAt = Date.now();
    const outcomes = outcomesOf(this.#finished, this.#config.repeats);
    const partRef = await this.#writePart();
    if (partRef !== undefined) await this.#host.checkpoint({ outcomes, partRef, ...this.#spent() });
  }

  async #writePart(): Promise<string | undefined> {
    const results = this.#finished;
    if (results.length === 0) return undefined;
    this.#finished = [];
    const { jobId, token } = this.#host.step;
    const key = tenantKey(this.#ctx.tenantId, "jobs", jobId, `part-${token}-${this.#parts++}.jsonl`);
    const lines = results.map((result) => `${JSON.stringify(result)}\n`);
    await this.#ctx.ports.blobs.put(key, lines.join(""), "application/x-ndjson");
    return key;
  }
}

function outcomesOf(results: readonly CaseResult[], repeats: number): Record<number, "d"> {
  return Object.fromEntries(results.map(({ index, repeat }) => [index * repeats + repeat, "d" as const]));
}
