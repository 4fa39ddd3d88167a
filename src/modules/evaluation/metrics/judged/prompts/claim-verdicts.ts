import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";
import { everyIndexOnce } from "./every-index.ts";

export type ClaimVerdicts = { verdicts: { index: number; reason: string; verdict: "yes" | "no" | "idk" }[] };

/** Which claims a source confirms, contradicts, or says nothing of. */
export const claimVerdictsPrompt: JudgePrompt<{ source: string; claims: readonly string[] }, ClaimVerdicts> =
  {
    name: "claim_verdicts",
    version: "1",
    role: "You compare claims with a source.",
    goal: 'For every claim, say "yes" if the source confirms it, "no" if the source contradicts it, and "idk" if the source does not settle it.',
    rules: [
      '"no" needs a contradiction in the source itself. A claim that the source is silent on is "idk", however doubtful it is.',
      "Give exactly one verdict for every claim, with its index.",
    ],
    fields: { source: "what is known", claims: "the claims to compare with it" },
    output: z.object({
      verdicts: z.array(
        z.object({ index: z.int(), reason: z.string(), verdict: z.enum(["yes", "no", "idk"]) }),
      ),
    }),
    check: ({ verdicts }, { claims }) => everyIndexOnce(verdicts, claims.length, "claim"),
    examples: [
      {
        input: {
          source: "The library was founded in 1902. It holds 40,000 volumes.",
          claims: [
            "The library was founded in 1902.",
            "The library holds 400,000 volumes.",
            "The library has a café.",
          ],
        },
        output: {
          verdicts: [
            { index: 0, reason: "The source says so.", verdict: "yes" },
            { index: 1, reason: "The source says 40,000.", verdict: "no" },
            { index: 2, reason: "The source does not speak of a café.", verdict: "idk" },
          ],
        },
      },
      {
        input: { source: "보험 기간은 10년이며 갱신할 수 없다.", claims: ["보험은 10년마다 갱신된다."] },
        output: { verdicts: [{ index: 0, reason: "자료는 갱신할 수 없다고 한다.", verdict: "no" }] },
      },
    ],
  };
