import { describe, expect, it } from "vitest";
import { guardedFetch } from "../../../../src/platform/egress/guarded-fetch.ts";
import { isPublicAddress } from "../../../../src/platform/egress/private-address.rules.ts";

describe("an address", () => {
  it.each([
    "1.1.1.1",
    "9.255.255.255",
    "172.32.0.1",
    "2606:4700::1111",
    "64:ff9b::8.8.8.8",
    "::ffff:8.8.8.8",
  ])("%s is of the internet", (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    "10.1.2.3",
    "127.0.0.1",
    "169.254.169.254",
    "172.31.255.255",
    "192.168.0.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "2001:db8::1",
    "1.2.3.400",
    "nonsense",
    "",
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("a request to a name", () => {
  const names: Record<string, readonly string[]> = {
    "api.example.com": ["93.184.215.14", "2606:2800:21f::1"],
    "rebound.example.com": ["93.184.215.14", "10.0.0.5"],
    "gone.example.com": [],
  };

  function guard(allowedHosts: readonly string[] = []) {
    const sent: string[] = [];
    const asked: string[] = [];
    let time = 0;
    const send = guardedFetch({
      allowedHosts,
      now: () => time,
      lookUp: async (hostname) => {
        asked.push(hostname);
        const found = names[hostname];
        if (found === undefined) throw new Error("no resolver");
        return found;
      },
      fetch: (async (url: URL, init: RequestInit) => {
        sent.push(`${url.host} ${init.redirect}`);
        return new Response("ok");
      }) as unknown as typeof fetch,
    });
    const pass = (ms: number) => {
      time += ms;
    };
    return { send, sent, asked, pass };
  }

  it("of the internet is sent, and its name is looked up once a minute", async () => {
    const { send, sent, asked, pass } = guard();
    await send("https://api.example.com/a", {});
    await send("https://api.example.com/b", { redirect: "follow" });
    expect([sent, asked.length]).toEqual([["api.example.com manual", "api.example.com manual"], 1]);
    pass(60_001);
    await send("https://api.example.com/c", {});
    expect(asked.length).toBe(2);
  });

  it("that resolves to a private address, if only among others, is refused for good", async () => {
    const { send, sent } = guard();
    const refused = send("https://rebound.example.com/", {});
    await expect(refused).rejects.toMatchObject({
      failure: { kind: "forbidden", code: "egress.private_address" },
    });
    expect(sent).toEqual([]);
  });

  it("without an address, or that can't be looked up, may be tried again", async () => {
    const { send, asked, pass } = guard();
    for (const host of ["gone.example.com", "unheard.example.com"])
      await expect(send(`https://${host}/`, {})).rejects.toMatchObject({
        retryable: true,
        failure: { code: "egress.unresolved" },
      });
    pass(5_001);
    await expect(send("https://gone.example.com/", {})).rejects.toThrow();
    expect(asked.length).toBe(3);
  });

  it("that the operator allows is not looked up; a literal address is refused without", async () => {
    const { send, sent, asked } = guard(["10.0.0.5:8080", "inside.example.com"]);
    await send("http://10.0.0.5:8080/", {});
    await send("https://inside.example.com/", {});
    await expect(send("https://10.0.0.6/", {})).rejects.toThrow("llm.host_refused");
    expect([sent.length, asked]).toEqual([2, []]);
  });
});
