import { expect, it } from "vitest";
import { problems } from "../../../src/kernel/problem.ts";
import { makeApp } from "./audit-app.ts";

const call = makeApp();

it("serves the reference as one page that reaches nobody else", async () => {
  const response = await call("/docs");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await response.text();
  const urls = html.match(/(?:src|href)="(?!#|\/|data:)[^"]*"/g);
  expect(urls).toBeNull();
  expect(html).not.toMatch(/\bstyle="|\bon\w+="/);
});

it("names the hash of its script and of its style in the policy", async () => {
  const response = await call("/docs");
  const html = await response.text();
  const policy = response.headers.get("content-security-policy") ?? "";
  for (const tag of ["script", "style"]) {
    const parts = html.split(`<${tag}>`);
    expect(parts).toHaveLength(2);
    const [text = ""] = (parts[1] ?? "").split(`</${tag}>`);
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    expect(policy).toContain(`${tag}-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'`);
  }
  expect(policy).toContain("default-src 'none'");
});

it("has a place for every kind of problem that answers point to", async () => {
  const html = await (await call("/docs")).text();
  for (const kind of Object.keys(problems)) expect(html).toContain(`id="problem-${kind}"`);
});
