import { describe, expect, it } from "vitest";
import { newId } from "../../../src/kernel/ids.ts";
import { parseVersionRef, RegistryName } from "../../../src/kernel/registry-name.ts";

describe("RegistryName", () => {
  it("takes names of any script in NFC and trims them", () => {
    expect(RegistryName.parse("  보험 QA (v1): 가/나_다-1.0 ")).toBe("보험 QA (v1): 가/나_다-1.0");
    expect(RegistryName.parse("가".normalize("NFD"))).toBe("가");
  });

  it("refuses empty and long names, signs in front, and the sign that parts a version", () => {
    for (const name of ["", "  ", "@1", "a@1", "-a", "=a", "a\nb", 'a"b', "<b>", "x".repeat(121)]) {
      expect(RegistryName.safeParse(name).success, JSON.stringify(name)).toBe(false);
    }
  });
});

describe("parseVersionRef", () => {
  it("tells ids from names, with a version or without", () => {
    const id = newId("ds", 1);
    expect(parseVersionRef("ds", id)).toEqual({ id });
    expect(parseVersionRef("ds", `${id}@12`)).toEqual({ id, version: 12 });
    expect(parseVersionRef("prm", id)).toEqual({ name: id });
    expect(parseVersionRef("ds", "보험 QA@latest")).toEqual({ name: "보험 QA" });
    expect(parseVersionRef("ds", "가".normalize("NFD"))).toEqual({ name: "가" });
  });

  it("refuses what is no reference", () => {
    for (const ref of ["", "@1", "a@", "a@0", "a@1.0", "a@-1", "a@x", "a@1@x", "a@99999999999"]) {
      expect(parseVersionRef("ds", ref), ref).toBeUndefined();
    }
  });
});
