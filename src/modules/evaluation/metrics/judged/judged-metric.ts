import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import type { Judge, JudgeCall, JudgeOutcome } from "../../judge.ts";
import type { PromptInput } from "../../judging/fence.ts";
import { type JudgePrompt, questionOf } from "../../judging/prompt.ts";
import { judgeFailed, type Metric, type MetricResult, notApplicable, usedBy } from "../../metric.ts";
import { type CaseParts, casePartsOf, missingPart } from "./case-parts.ts";

interface AskOptions {
  readonly sample?: number;
  readonly temperature?: number;
  readonly topLogprobs?: number;
}

/** The judge as a metric sees it: every call is noted, and an unusable answer ends the metric as `judge_error`. */
export interface Bench {
  ask<Input extends PromptInput, Output>(
    prompt: JudgePrompt<Input, Output>,
    input: Input,
    more?: AskOptions,
  ): Promise<Output>;
  /** The outcome itself, for a metric that can go on without an answer. */
  tryAsk<Input extends PromptInput, Output>(
    prompt: JudgePrompt<Input, Output>,
    input: Input,
    more?: AskOptions,
  ): Promise<JudgeOutcome<Output>>;
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
  /** For a chain of questions beside others: its calls are noted here and now, whichever chain is answered first. */
  branch(): Bench;
}

/** What was asked at one place: a question's calls, or those of a chain. */
interface Place {
  calls: readonly JudgeCall[];
  readonly inside: Place[];
}

type JudgedSpec<Options> = Omit<Metric<Options>, "family" | "usesJudge" | "score"> & {
  readonly run: (parts: CaseParts, options: Options, bench: Bench) => Promise<MetricResult>;
};

class UnusableAnswer extends Error {
  readonly outcome: Extract<JudgeOutcome<unknown>, { ok: false }>;
  constructor(outcome: Extract<JudgeOutcome<unknown>, { ok: false }>) {
    super(outcome.reasonCode);
    this.outcome = outcome;
  }
}

/**
 * A model-graded metric from its protocol. A missing part is `not_applicable` without any call; an answer that can't
 * be used is `judge_error`; whatever happens, the result carries every judge call with its tokens and cost. Transient
 * failures of the provider and aborts are thrown.
 */
export function judgedMetric<Options>(spec: JudgedSpec<Options>): Metric<Options> {
  const { run, ...rest } = spec;
  return {
    ...rest,
    family: "judged",
    usesJudge: true,
    async score(evaluationCase: EvaluationCase, options, { judge, signal }) {
      const parts = casePartsOf(evaluationCase);
      const missing = missingPart(parts, spec.needs);
      if (missing) return notApplicable(missing);
      if (!judge)
        return judgeFailed({ ok: false, reasonCode: "judge_missing", detail: "No judge is set.", calls: [] });
      const places: Place[] = [];
      try {
        const result = await run(parts, options, benchOf(judge, signal, places));
        return { ...result, ...usedBy(callsOf(places)) };
      } catch (error) {
        if (!(error instanceof UnusableAnswer)) throw error;
        return { ...judgeFailed(error.outcome), ...usedBy(callsOf(places)) };
      }
    },
  };
}

/** Waits for all of them, so that no call is left running, and throws a provider's failure before an unusable answer. */
export async function together<Value>(work: readonly Promise<Value>[]): Promise<Value[]> {
  const settled = await Promise.allSettled(work);
  const failed = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (failed.length > 0) throw failed.find((reason) => !(reason instanceof UnusableAnswer)) ?? failed[0];
  return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

const callsOf = (places: readonly Place[]): JudgeCall[] =>
  places.flatMap(({ calls, inside }) => [...calls, ...callsOf(inside)]);

function benchOf(judge: Judge, signal: AbortSignal | undefined, places: Place[]): Bench {
  const nextPlace = (): Place => {
    const place: Place = { calls: [], inside: [] };
    places.push(place);
    return place;
  };
  const tryAsk: Bench["tryAsk"] = async (prompt, input, more = {}) => {
    const place = nextPlace();
    const question = { ...(await questionOf(prompt, input)), ...more };
    const outcome = await judge.ask(question, signal);
    place.calls = outcome.ok ? [outcome.call] : outcome.calls;
    return outcome;
  };
  return {
    tryAsk,
    async ask(prompt, input, more) {
      const outcome = await tryAsk(prompt, input, more);
      if (!outcome.ok) throw new UnusableAnswer(outcome);
      return outcome.value;
    },
    async embed(texts) {
      const place = nextPlace();
      const { vectors, call } = await judge.embed(texts, signal);
      place.calls = [call];
      return vectors;
    },
    branch: () => benchOf(judge, signal, nextPlace().inside),
  };
}
