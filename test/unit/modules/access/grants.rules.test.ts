import { describe, expect, it } from "vitest";
import { covers, roleGrants, roles, scopes } from "../../../../src/kernel/scopes.ts";
import { effectiveGrants, grantsBeyond, projectsCover } from "../../../../src/modules/access/grants.rules.ts";

describe("passing on grants", () => {
  it("covers a scope by itself, by its family or by everything", () => {
    expect(grantsBeyond(["runs:read"], ["runs:read"])).toEqual([]);
    expect(grantsBeyond(["runs:*"], ["runs:read", "runs:write", "runs:*"])).toEqual([]);
    expect(grantsBeyond(["*"], ["*", "admin:*", "secrets:write"])).toEqual([]);
  });

  it("never covers a pattern by the scopes in it, since a pattern grows", () => {
    expect(grantsBeyond(["runs:read", "runs:write"], ["runs:*"])).toEqual(["runs:*"]);
    expect(grantsBeyond([...scopes], ["*"])).toEqual(["*"]);
  });

  it("names what is beyond", () => {
    expect(grantsBeyond(["runs:*", "keys:read"], ["keys:read", "keys:write", "jobs:read"])).toEqual([
      "keys:write",
      "jobs:read",
    ]);
  });

  it("never lets anybody pass on a scope that they don't have themselves", () => {
    for (const role of roles) {
      for (const scope of scopes) {
        const own = roleGrants[role];
        expect(grantsBeyond(own, [scope]).length === 0).toBe(covers(own, scope));
      }
    }
  });
});

it("adds a user's own grants to those of the role, each once", () => {
  expect(effectiveGrants("admin", ["*", "runs:read"])).toEqual(["*", "runs:read"]);
  expect(effectiveGrants("viewer", ["runs:write"])).toContain("runs:write");
});

it("lets somebody who is held to projects pass on those only", () => {
  expect(projectsCover(undefined, null)).toBe(true);
  expect(projectsCover(["a", "b"], ["b"])).toBe(true);
  expect(projectsCover(["a"], ["a", "b"])).toBe(false);
  expect(projectsCover(["a"], null)).toBe(false);
});
