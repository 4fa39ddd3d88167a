import { expect, it } from "vitest";
import { endsSessions, leavesNoAdmin } from "../../../../../src/modules/access/users/admins.rules.ts";

const admin = { role: "admin" as const, disabled: false, projectIds: null };

it("keeps the last admin who can sign in and reach everything", () => {
  for (const after of [
    undefined,
    { ...admin, role: "manager" as const },
    { ...admin, disabled: true },
    { ...admin, projectIds: ["prj_1"] },
  ]) {
    expect(leavesNoAdmin(admin, after, 1)).toBe(true);
    expect(leavesNoAdmin(admin, after, 2)).toBe(false);
  }
  expect(leavesNoAdmin(admin, admin, 1)).toBe(false);
});

it("lets go of whoever isn't a full admin", () => {
  expect(leavesNoAdmin({ ...admin, disabled: true }, undefined, 1)).toBe(false);
  expect(leavesNoAdmin({ ...admin, role: "viewer" }, undefined, 1)).toBe(false);
});

it("ends sessions when a user is disabled, not when they already were", () => {
  expect(endsSessions(admin, { ...admin, disabled: true })).toBe(true);
  expect(endsSessions({ ...admin, disabled: true }, { ...admin, disabled: true })).toBe(false);
  expect(endsSessions(admin, { ...admin, role: "viewer" })).toBe(false);
});
