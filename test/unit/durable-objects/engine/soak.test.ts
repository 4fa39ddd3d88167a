import { expect, it } from "vitest";
import { soakEngine } from "../../../support/soak-engine.ts";

it("keeps its memory and storage while keys come and go, refuses what is too many, and drops no open alert", () => {
  const { rounds, complaints } = soakEngine({ keys: 2_000, rounds: 9, collect: () => undefined });
  expect(complaints.filter((complaint) => !complaint.startsWith("heapKB"))).toEqual([]);
  expect(rounds.at(-1)).toMatchObject({ open: 100 });
}, 60_000);
