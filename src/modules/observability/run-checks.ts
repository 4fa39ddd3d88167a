import { toFailure } from "../../kernel/problem.ts";

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail?: string;
}

export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * Runs every check at once and gives each `timeoutMs`. `detail` names what went wrong by its code only: the answer is
 * public.
 */
export function runChecks(checks: Checks, timeoutMs: number): Promise<CheckResult[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const startedAt = Date.now();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<"late">((resolve) => {
        timer = setTimeout(() => resolve("late"), timeoutMs);
      });
      const outcome = await Promise.race([
        Promise.resolve()
          .then(check)
          .then(
            () => "ok" as const,
            (error: unknown) => ({ code: toFailure(error).code }),
          ),
        late,
      ]);
      clearTimeout(timer);
      const ms = Date.now() - startedAt;
      if (outcome === "ok") return { name, ok: true, ms };
      return {
        name,
        ok: false,
        ms,
        detail: outcome === "late" ? `no answer in ${timeoutMs} ms` : outcome.code,
      };
    }),
  );
}
