import { describe, expect, it } from "vitest";
import {
  approveVersion,
  deprecateVersion,
  promptAfter,
} from "../../../../src/modules/prompts/prompt-status.rules.ts";
import type { PromptRow, PromptVersionRow } from "../../../../src/modules/prompts/tables.ts";

const now = new Date("2026-05-01T00:00:00Z");
const made = new Date("2026-04-01T00:00:00Z");

const version = (status: PromptVersionRow["status"], number = 1): PromptVersionRow => ({
  tenantId: "ten_1",
  promptId: "prm_1",
  version: number,
  content: "x",
  variables: [],
  checksum: "c",
  status,
  createdBy: "user:a",
  authorId: "a",
  createdAt: made,
  approvedBy: null,
  approvedAt: null,
  deprecatedAt: null,
  writeId: "wr_1",
});

const prompt: PromptRow = {
  id: "prm_1",
  tenantId: "ten_1",
  projectId: null,
  name: "p",
  description: "",
  latestVersion: 3,
  approvedVersion: 2,
  createdBy: "user:a",
  createdAt: made,
  updatedAt: made,
  version: 5,
  writeId: "wr_1",
};

describe("the status of a prompt's version", () => {
  it("lets somebody else approve a draft", () => {
    expect(approveVersion(version("draft"), { name: "user:b", person: "b" }, now)).toEqual({
      ...version("draft"),
      status: "approved",
      approvedBy: "user:b",
      approvedAt: now,
    });
  });

  it("refuses the author", () => {
    expect(() => approveVersion(version("draft"), { name: "user:a", person: "a" }, now)).toThrow(
      "prompts.approver_is_author",
    );
  });

  it("refuses the author behind an API key, either way around", () => {
    const byKey = { ...version("draft"), createdBy: "api_key:key_1" };
    expect(() => approveVersion(byKey, { name: "user:a", person: "a" }, now)).toThrow("approver_is_author");
    expect(() => approveVersion(version("draft"), { name: "api_key:key_1", person: "a" }, now)).toThrow(
      "approver_is_author",
    );
  });

  it("has no other way than draft, approved, deprecated", () => {
    expect(deprecateVersion(version("draft"), { name: "user:b", person: "b" }, now)).toMatchObject({
      status: "deprecated",
      deprecatedAt: now,
    });
    expect(deprecateVersion(version("approved"), { name: "user:b", person: "b" }, now).status).toBe(
      "deprecated",
    );
    for (const move of [
      () => approveVersion(version("approved"), { name: "user:b", person: "b" }, now),
      () => approveVersion(version("deprecated"), { name: "user:b", person: "b" }, now),
      () => deprecateVersion(version("deprecated"), { name: "user:b", person: "b" }, now),
    ]) {
      expect(move).toThrow("prompts.transition_refused");
    }
  });
});

describe("the approved version of a prompt", () => {
  it("is the highest that is approved after the change", () => {
    expect(promptAfter(prompt, version("approved", 3), [2], now)).toMatchObject({
      approvedVersion: 3,
      version: 6,
      updatedAt: now,
    });
    expect(promptAfter(prompt, version("approved", 1), [2], now).approvedVersion).toBe(2);
    expect(promptAfter(prompt, version("deprecated", 2), [1], now).approvedVersion).toBe(1);
    expect(promptAfter(prompt, version("deprecated", 2), [], now).approvedVersion).toBeNull();
  });
});
