import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import type { CaseField } from "../../metric.ts";

/** The texts of a case as a judge reads them. */
export interface CaseParts {
  /** The question, or the whole conversation before the response when there was more than one message. */
  readonly question: string;
  /** The last thing that the user said: what an answer is compared with. */
  readonly lastQuestion: string;
  readonly output: string;
  readonly reference: string;
  /** The retrieved texts that say anything. */
  readonly contexts: readonly string[];
  /** Every retrieved text at its rank, blank ones too. */
  readonly retrieved: readonly string[];
  readonly referenceContexts: readonly string[];
  /** Score to text, when the case has a rubric of its own. */
  readonly rubric: Readonly<Record<string, string>>;
}

/** Reads the texts of a case; what is absent is empty. A conversation that ends with the assistant has its output there. */
export function casePartsOf(evaluationCase: EvaluationCase): CaseParts {
  const { input } = evaluationCase;
  const messages = typeof input === "string" ? [{ role: "user" as const, content: input }] : input;
  const last = messages.at(-1);
  const answered = evaluationCase.output === undefined && last?.role === "assistant";
  const before = answered ? messages.slice(0, -1) : messages;
  const said = before.filter((message) => message.content.trim() !== "");
  return {
    question:
      said.length === 1
        ? (said[0]?.content ?? "")
        : said.map((one) => `${one.role}: ${one.content}`).join("\n"),
    lastQuestion: said.findLast((message) => message.role === "user")?.content ?? "",
    output: evaluationCase.output ?? (answered ? (last?.content ?? "") : ""),
    reference: evaluationCase.reference ?? "",
    contexts: textsOf(evaluationCase.contexts),
    retrieved: evaluationCase.contexts.map((context) => context.text),
    referenceContexts: textsOf(evaluationCase.referenceContexts),
    rubric: evaluationCase.rubric ?? {},
  };
}

/** The reason why a metric with these needs does not apply, or undefined when every part is there. */
export function missingPart(parts: CaseParts, needs: readonly CaseField[]): string | undefined {
  if (needs.includes("input") && blank(parts.question)) return "no_input";
  if (needs.includes("output") && blank(parts.output)) return "empty_output";
  if (needs.includes("reference") && blank(parts.reference)) return "no_reference";
  if (needs.includes("contexts") && parts.contexts.length === 0) return "no_contexts";
  if (needs.includes("referenceContexts") && parts.referenceContexts.length === 0)
    return "no_reference_contexts";
  return undefined;
}

function textsOf(contexts: EvaluationCase["contexts"]): string[] {
  return contexts.map((context) => context.text).filter((text) => !blank(text));
}

function blank(text: string): boolean {
  return text.trim() === "";
}
