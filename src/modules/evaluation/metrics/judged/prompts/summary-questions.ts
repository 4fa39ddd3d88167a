import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";
import { everyIndexOnce } from "./every-index.ts";

/** The key phrases of a text that a summary should keep. */
export const keyPhrasesPrompt: JudgePrompt<{ text: string }, { keyphrases: string[] }> = {
  name: "key_phrases",
  version: "1",
  role: "You mark what matters in texts.",
  goal: "List the key phrases of the text: people, organisations, places, dates, amounts, conditions and terms without which its point is lost.",
  rules: ["Write each phrase as the text does, once.", "If there is none, give an empty list."],
  fields: { text: "the text to read" },
  output: z.object({ keyphrases: z.array(z.string().min(1)) }),
  examples: [
    {
      input: { text: "Norwind will close its Bergen plant in May, which affects 300 workers." },
      output: { keyphrases: ["Norwind", "Bergen plant", "May", "300 workers"] },
    },
    {
      input: { text: "계약 후 15일 안에는 청약을 철회할 수 있다." },
      output: { keyphrases: ["계약 후 15일", "청약 철회"] },
    },
  ],
};

/** Closed questions about the key phrases of a text, which the text answers yes. */
export const keyPhraseQuestionsPrompt: JudgePrompt<
  { text: string; keyphrases: readonly string[] },
  { questions: string[] }
> = {
  name: "key_phrase_questions",
  version: "1",
  role: "You write questions that test a summary.",
  goal: "Write closed questions, one for each key phrase, that the text answers with yes.",
  rules: [
    "A question must be answerable with yes or no and must not need another question.",
    "Ask nothing that the text leaves open.",
  ],
  fields: { text: "the source", keyphrases: "what the questions are about" },
  output: z.object({ questions: z.array(z.string().min(1)) }),
  examples: [
    {
      input: { text: "Norwind will close its Bergen plant in May.", keyphrases: ["Bergen plant", "May"] },
      output: { questions: ["Will Norwind close its Bergen plant?", "Will the plant close in May?"] },
    },
    {
      input: { text: "계약 후 15일 안에는 청약을 철회할 수 있다.", keyphrases: ["계약 후 15일"] },
      output: { questions: ["청약 철회는 계약 후 15일 안에 할 수 있나요?"] },
    },
  ],
};

/** Closed questions about a text at large. */
export const closedQuestionsPrompt: JudgePrompt<{ text: string; count: string }, { questions: string[] }> = {
  name: "closed_questions",
  version: "1",
  role: "You write questions that test a summary.",
  goal: "Write as many closed questions as the count says, about the most important facts of the text, each answered with yes by the text.",
  rules: [
    "A question must be answerable with yes or no and be understandable alone.",
    "No two questions ask for the same fact.",
  ],
  fields: { text: "the source", count: "how many questions to write" },
  output: z.object({ questions: z.array(z.string().min(1)) }),
  examples: [
    {
      input: { text: "Norwind will close its Bergen plant in May, which affects 300 workers.", count: "2" },
      output: {
        questions: ["Will Norwind close its plant in Bergen in May?", "Does the closure affect 300 workers?"],
      },
    },
    {
      input: { text: "보험 기간은 10년이다.", count: "1" },
      output: { questions: ["보험 기간이 10년인가요?"] },
    },
  ],
};

type ClosedAnswers = { answers: { index: number; answer: "yes" | "no" | "idk" }[] };

/** Answers closed questions from a text alone. */
export const closedAnswersPrompt: JudgePrompt<{ text: string; questions: readonly string[] }, ClosedAnswers> =
  {
    name: "closed_answers",
    version: "1",
    role: "You answer questions from a text.",
    goal: 'Answer every question from the text alone: "yes" if the text says so, "no" if it says otherwise, "idk" if it does not tell.',
    rules: ["Give exactly one answer for every question, with its index."],
    fields: { text: "the only source that counts", questions: "the questions" },
    output: z.object({
      answers: z.array(z.object({ index: z.int(), answer: z.enum(["yes", "no", "idk"]) })),
    }),
    check: ({ answers }, { questions }) => everyIndexOnce(answers, questions.length, "question"),
    examples: [
      {
        input: {
          text: "Norwind shuts a plant in May.",
          questions: ["Does Norwind close a plant?", "Is the plant in Bergen?", "Does it close in June?"],
        },
        output: {
          answers: [
            { index: 0, answer: "yes" },
            { index: 1, answer: "idk" },
            { index: 2, answer: "no" },
          ],
        },
      },
      {
        input: {
          text: "청약은 15일 안에 철회할 수 있다.",
          questions: ["청약을 15일 안에 철회할 수 있나요?"],
        },
        output: { answers: [{ index: 0, answer: "yes" }] },
      },
    ],
  };
