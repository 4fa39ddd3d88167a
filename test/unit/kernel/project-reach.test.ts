import { expect, it } from "vitest";
import type { Actor } from "../../../src/kernel/context.ts";
import { mustChangeWithin, reaches } from "../../../src/kernel/project-reach.ts";

const free: Actor = { kind: "user", id: "u", tenantId: "t", grants: ["*"] };
const held: Actor = { ...free, projectIds: ["prj_a"] };

it("lets everybody see what the tenant shares, and projects only those who hold them", () => {
  expect([null, "prj_a", "prj_b"].map((project) => reaches(free, project))).toEqual([true, true, true]);
  expect([null, "prj_a", "prj_b"].map((project) => reaches(held, project))).toEqual([true, true, false]);
});

it("lets those held to projects change only what belongs to them", () => {
  for (const project of [null, "prj_a", "prj_b"]) expect(() => mustChangeWithin(free, project)).not.toThrow();
  expect(() => mustChangeWithin(held, "prj_a")).not.toThrow();
  for (const project of [null, "prj_b"])
    expect(() => mustChangeWithin(held, project)).toThrow("access.project_refused");
});
