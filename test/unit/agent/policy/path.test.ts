import { describe, expect, it } from "vitest";
import { formatPath, parsePath, UnsafePath } from "../../../../agent/src/policy/path.rules.ts";

describe("paths", () => {
  it("reads segments and query, and writes them in one spelling", () => {
    const parsed = parsePath("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb&limit=5");
    expect(parsed.segments).toEqual(["api", "v1", "namespaces", "default", "pods"]);
    expect(parsed.query.get("labelSelector")).toBe("app=web");
    expect(formatPath(parsed)).toBe("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb&limit=5");
  });

  it("keeps the colon of a service's port and of names of roles", () => {
    const path = "/api/v1/namespaces/m/services/http:prom:9090/proxy/api/v1/query?query=up";
    expect(formatPath(parsePath(path))).toBe(path);
    expect(parsePath("/apis/x/v1/roles/system%3Anode").segments.at(-1)).toBe("system:node");
  });

  it.each([
    ["no slash at the beginning", "api/v1"],
    ["an empty segment", "/api//v1/secrets"],
    ["a slash at the end", "/api/v1/secrets/"],
    ["a dot segment", "/api/v1/namespaces/../secrets"],
    ["a single dot", "/api/./v1"],
    ["an escaped dot segment", "/api/v1/%2e%2e/secrets"],
    ["an escaped dot segment in capitals", "/api/v1/%2E%2E/secrets"],
    ["half an escaped dot segment", "/api/v1/.%2e/secrets"],
    ["an escaped slash", "/api/v1/namespaces/default%2fsecrets"],
    ["an escaped slash in capitals", "/api/v1/namespaces/default%2Fsecrets"],
    ["an escape twice", "/api/v1/namespaces/%252e%252e/secrets"],
    ["an escaped backslash", "/api/v1/%5c..%5csecrets"],
    ["a backslash", "/api/v1\\secrets"],
    ["a parameter of a segment", "/api/v1/namespaces;x=y/secrets"],
    ["an escaped semicolon", "/api/v1/namespaces%3bx/secrets"],
    ["an escaped question mark", "/api/v1/pods%3fwatch=true"],
    ["a fragment", "/api/v1/pods#/secrets"],
    ["an escaped fragment", "/api/v1/pods%23"],
    ["a null byte", "/api/v1/secrets%00"],
    ["a line break", "/api/v1/pods%0d%0aHost:"],
    ["a real line break", "/api/v1/pods\r\nX: y"],
    ["an escape of a letter", "/api/v1/%73ecrets"],
    ["a broken escape", "/api/v1/pods%2"],
    ["an escape beyond ASCII", "/api/v1/%c0%ae%c0%ae/secrets"],
    ["a letter beyond ASCII", "/api/v1/sécrets"],
    ["the same query parameter twice", "/api/v1/pods?watch=false&watch=true"],
    ["the same query parameter in two spellings", "/api/v1/pods?watch=0&%77atch=1"],
    ["a semicolon in the query", "/api/v1/pods?a=1;b=2"],
    ["a broken escape in the query", "/api/v1/pods?a=%zz"],
    ["a null byte in the query", "/api/v1/pods?a=%00"],
  ])("refuses %s", (_, path) => {
    expect(() => parsePath(path)).toThrow(UnsafePath);
  });
});
