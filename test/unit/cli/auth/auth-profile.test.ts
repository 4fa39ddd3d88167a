import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chooseAccess, readEndpoint } from "../../../../cli/src/auth/choose-endpoint.ts";
import { configPath, readConfig, saveProfile, withLock } from "../../../../cli/src/auth/config-file.ts";

const config = {
  current: "home",
  profiles: {
    home: { endpoint: "https://home.example", apiKey: "k1" },
    work: { endpoint: "https://work.example", apiKey: "k2" },
  },
};
const none = { endpoint: undefined, authProfile: undefined };

describe("choosing a deployment and credentials", () => {
  it("takes the current auth profile, or the one that is named", () => {
    expect(chooseAccess(none, {}, config)).toMatchObject({
      profileName: "home",
      endpoint: "https://home.example",
    });
    expect(chooseAccess({ ...none, authProfile: "work" }, {}, config).endpoint).toBe("https://work.example");
    expect(chooseAccess(none, { MARU_AUTH_PROFILE: "work" }, config).profile?.apiKey).toBe("k2");
  });

  it("finds the profile of the endpoint that is asked for", () => {
    const found = chooseAccess({ ...none, endpoint: "https://work.example/" }, {}, config);
    expect(found).toMatchObject({ profileName: "work", profile: { apiKey: "k2" } });
  });

  it("never gives stored credentials to another server", () => {
    expect(chooseAccess({ ...none, endpoint: "https://evil.example" }, {}, config).profile).toBeUndefined();
    expect(() => chooseAccess({ endpoint: "https://evil.example", authProfile: "work" }, {}, config)).toThrow(
      "its credentials are not sent to https://evil.example",
    );
  });

  it("refuses plain HTTP to other machines and what is no address", () => {
    expect(readEndpoint("http://127.0.0.1:8787/", {})).toBe("http://127.0.0.1:8787");
    expect(readEndpoint("https://a.example/maru/", {})).toBe("https://a.example/maru");
    expect(() => readEndpoint("http://a.example", {})).toThrow("plain HTTP");
    expect(readEndpoint("http://a.example", { MARU_ALLOW_HTTP: "true" })).toBe("http://a.example");
    for (const text of ["a.example", "ftp://a.example", "file:///etc/passwd"]) {
      expect(() => readEndpoint(text, {})).toThrow("is not an http or https address");
    }
  });
});

describe("the configuration file", () => {
  const folder = mkdtempSync(join(tmpdir(), "maru-config-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("stands where the environment says", () => {
    expect(configPath({ MARU_CONFIG: "/a/b.json" })).toBe("/a/b.json");
    expect(configPath({ XDG_CONFIG_HOME: "/x", HOME: "/h" })).toBe("/x/maru/config.json");
    expect(configPath({ HOME: "/h" })).toBe("/h/.config/maru/config.json");
  });

  it("is readable by its owner only, even when it was not before", () => {
    const path = join(folder, "deep", "config.json");
    saveProfile(path, "a", { endpoint: "https://a.example", apiKey: "k" }, true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readConfig(path)).toEqual({
      current: "a",
      profiles: { a: { endpoint: "https://a.example", apiKey: "k" } },
    });
    saveProfile(path, "b", { endpoint: "https://b.example" });
    expect(readConfig(path).current).toBe("a");
    saveProfile(path, "a", undefined);
    expect(Object.keys(readConfig(path).profiles)).toEqual(["b"]);
  });

  it("says what to do about a file that is not JSON", () => {
    const path = join(folder, "broken.json");
    writeFileSync(path, "{");
    expect(() => readConfig(path)).toThrow("is not JSON");
  });

  it("is changed by one process at a time", async () => {
    const path = join(folder, "counted.json");
    writeFileSync(path, "0");
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / 25));
    const addOne = () =>
      withLock(path, sleep, async () => {
        const count = Number(readFileSync(path, "utf8"));
        await sleep(50);
        writeFileSync(path, String(count + 1));
      });
    await Promise.all(Array.from({ length: 8 }, addOne));
    expect(readFileSync(path, "utf8")).toBe("8");
  });
});
