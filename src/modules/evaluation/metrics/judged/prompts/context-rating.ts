import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type Rated = { rating: 0 | 1 | 2 };
type Sample = { question: string; context: string };

const fields = { question: "what was asked", context: "what the search brought up" };
const output = z.object({ rating: z.literal([0, 1, 2]) });
const examples = [
  {
    input: { question: "How tall is the tower?", context: "The tower stands 88 metres tall." },
    output: { rating: 2 },
  },
  {
    input: { question: "보험금은 언제 지급되나요?", context: "보험금 청구는 서류 접수로 시작됩니다." },
    output: { rating: 1 },
  },
  {
    input: { question: "How tall is the tower?", context: "The bakery sells rye bread." },
    output: { rating: 0 },
  },
] as const;

/** The first of two raters: how much of the answer is in the context. */
export const contextRatingPrompt: JudgePrompt<Sample, Rated> = {
  name: "context_rating",
  version: "1",
  role: "You are an expert who rates search results.",
  goal: "Rate how far the context holds what is needed to answer the question.",
  rules: [
    "0: nothing that is needed. 1: some of it. 2: all of it.",
    "Do not answer the question. Do not explain the rating.",
  ],
  fields,
  output,
  examples,
};

/** The second rater asks the same in other words, from the reader's side. */
export const contextRatingOtherPrompt: JudgePrompt<Sample, Rated> = {
  name: "context_rating_other",
  version: "1",
  role: "You stand in for a reader who asked a question and was handed a text.",
  goal: "Say how well the text serves the reader: could the question be answered with nothing but this text?",
  rules: ["2: yes, fully. 1: only in part. 0: no, the text is of no use for it.", "Give the number only."],
  fields,
  output,
  examples,
};

type RelevantStatements = {
  statements: { statement: string; reason: string; verdict: "yes" | "no" }[];
};

/** The statements of a context and whether each bears on the question. */
export const relevantStatementsPrompt: JudgePrompt<Sample, RelevantStatements> = {
  name: "relevant_statements",
  version: "1",
  role: "You go through search results with a question in mind.",
  goal: 'Take the context apart into its statements, and say of each "yes" if it bears on the question and "no" if it does not.',
  rules: [
    "Name every statement once, in the order of the context.",
    "If the context states nothing, give an empty list.",
  ],
  fields,
  output: z.object({
    statements: z.array(
      z.object({ statement: z.string().min(1), reason: z.string(), verdict: z.enum(["yes", "no"]) }),
    ),
  }),
  examples: [
    {
      input: {
        question: "How tall is the tower?",
        context: "The tower stands 88 metres tall. It is painted red.",
      },
      output: {
        statements: [
          { statement: "The tower stands 88 metres tall.", reason: "It gives the height.", verdict: "yes" },
          { statement: "The tower is painted red.", reason: "Colour was not asked for.", verdict: "no" },
        ],
      },
    },
    {
      input: { question: "면책 기간은?", context: "면책 기간은 90일이다." },
      output: {
        statements: [{ statement: "면책 기간은 90일이다.", reason: "질문에 답한다.", verdict: "yes" }],
      },
    },
  ],
};

type RelevantUnits = { relevant: { index: number; reason: string }[] };

/** Which units of a context are needed to answer the question. */
export const relevantUnitsPrompt: JudgePrompt<{ question: string; units: readonly string[] }, RelevantUnits> =
  {
    name: "relevant_units",
    version: "1",
    role: "You pick out of search results what a question needs.",
    goal: "Name by index the units that are needed to answer the question. If none is, give an empty list.",
    rules: ["Name a unit at most once. Do not name a unit only because it is about the same subject."],
    fields: { question: "what was asked", units: "the pieces of the search result" },
    output: z.object({ relevant: z.array(z.object({ index: z.int(), reason: z.string() })) }),
    check: ({ relevant }, { units }) => {
      const indexes = relevant.map(({ index }) => index);
      const wrong = indexes.filter(
        (index, at) => index < 0 || index >= units.length || indexes.indexOf(index) !== at,
      );
      return wrong.length > 0 ? [`These indexes are repeated or do not exist: ${wrong.join(", ")}.`] : [];
    },
    examples: [
      {
        input: {
          question: "How tall is the tower?",
          units: ["The tower is red.", "It stands 88 metres tall."],
        },
        output: { relevant: [{ index: 1, reason: "It gives the height." }] },
      },
      {
        input: { question: "청구 기한은?", units: ["회사는 1990년에 설립되었다."] },
        output: { relevant: [] },
      },
    ],
  };
