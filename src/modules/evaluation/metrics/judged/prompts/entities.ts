import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

/** Takes the distinct entities out of a text. */
export const entitiesPrompt: JudgePrompt<{ text: string }, { entities: string[] }> = {
  name: "entities",
  version: "1",
  role: "You find entities in texts.",
  goal: "List the distinct entities of the text: people, organisations, places, products, dates, periods, amounts with their units, and named concepts.",
  rules: [
    "Write an entity as the text writes it, without articles and, in Korean, without particles.",
    "Name each entity once. If there is none, give an empty list.",
  ],
  fields: { text: "the text to read" },
  output: z.object({ entities: z.array(z.string().min(1)) }),
  examples: [
    {
      input: { text: "Ines Rocha founded Halden Press in Porto in 1998." },
      output: { entities: ["Ines Rocha", "Halden Press", "Porto", "1998"] },
    },
    {
      input: { text: "한빛생명은 암 진단비로 3천만원을 지급합니다." },
      output: { entities: ["한빛생명", "암 진단비", "3천만원"] },
    },
  ],
};
