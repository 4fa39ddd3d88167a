import { canonicalJson } from "../../../kernel/json.ts";
import type { MappableField } from "./import-options.ts";
import type { ImportProblem, ImportReport, SuggestedMetric } from "./import-report.ts";

const maxSuggestions = 200;
const maxMappings = 200;
const maxMemberChars = 32 * 1024;

/** Collects what an import has to tell, in bounded memory: errors are kept before warnings, each up to the cap. */
export class ImportJournal {
  readonly thresholds: Record<string, number> = Object.create(null);
  readonly dataset: Record<string, unknown> = Object.create(null);
  readonly rows = { total: 0, accepted: 0, warned: 0, rejected: 0 };
  recordCount = 0;
  readonly #maxProblems: number;
  readonly #errors: ImportProblem[] = [];
  readonly #warnings: ImportProblem[] = [];
  readonly #counts = new Map<string, number>();
  #total = 0;
  readonly #suggested = new Map<string, SuggestedMetric>();
  readonly #mapping = new Map<string, { field: MappableField; from: string; rows: number }>();

  constructor(maxProblems: number) {
    this.#maxProblems = maxProblems;
  }

  note(problem: ImportProblem): void {
    this.#total += 1;
    this.#counts.set(problem.code, (this.#counts.get(problem.code) ?? 0) + 1);
    const list = problem.severity === "error" ? this.#errors : this.#warnings;
    if (list.length < this.#maxProblems) list.push(problem);
  }

  /** A note about the file as a whole. */
  noteFile(pointer: string, code: string, message: string, severity: "warning" | "error" = "warning"): void {
    this.note({ line: 0, pointer, code, message, severity });
  }

  suggest(
    metric: string,
    options: Record<string, unknown>,
    more: { threshold?: number | undefined; negated?: boolean; cases?: number } = {},
  ): void {
    const negated = more.negated ?? false;
    const threshold = more.threshold === undefined ? {} : { threshold: more.threshold };
    const key = canonicalJson([metric, options, negated, threshold]);
    const known = this.#suggested.get(key);
    if (known) known.cases += more.cases ?? 0;
    else if (this.#suggested.size < maxSuggestions)
      this.#suggested.set(key, { metric, options, ...threshold, negated, cases: more.cases ?? 0 });
  }

  mapped(field: MappableField, from: string): void {
    const key = `${field} ${from}`;
    const known = this.#mapping.get(key);
    if (known) known.rows += 1;
    else if (this.#mapping.size < maxMappings) this.#mapping.set(key, { field, from, rows: 1 });
  }

  /** Takes out of `dataset` what is too large for a report, and tells so; the file itself still has it. */
  trimDataset(): void {
    for (const [name, value] of Object.entries(this.dataset)) {
      const length = JSON.stringify(value)?.length ?? 0;
      if (length <= maxMemberChars) continue;
      delete this.dataset[name];
      const message = `${JSON.stringify(name)} has ${length} characters and is left out of the report.`;
      this.noteFile(`/${name}`, "member_not_reported", message);
    }
  }

  /** The first problems, errors before warnings, as the report and the refusal show them. */
  firstProblems(limit: number): ImportProblem[] {
    const kept = this.#errors.slice(0, limit);
    kept.push(...this.#warnings.slice(0, limit - kept.length));
    return kept;
  }

  summary(): Pick<
    ImportReport,
    | "rows"
    | "recordCount"
    | "problems"
    | "problemsLeftOut"
    | "problemCounts"
    | "thresholds"
    | "suggestedMetrics"
    | "mapping"
    | "dataset"
  > {
    const problems = this.firstProblems(this.#maxProblems).sort((a, b) => a.line - b.line);
    return {
      rows: { ...this.rows },
      recordCount: this.recordCount,
      problems,
      problemsLeftOut: this.#total - problems.length,
      problemCounts: Object.fromEntries(this.#counts),
      thresholds: { ...this.thresholds },
      suggestedMetrics: [...this.#suggested.values()],
      mapping: [...this.#mapping.values()],
      dataset: { ...this.dataset },
    };
  }
}
