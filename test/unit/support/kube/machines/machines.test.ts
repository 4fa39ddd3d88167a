import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nextCron, parseCron } from "../../../../support/kube/harvester/machines/cron.rules.ts";
import { startBackoffMs } from "../../../../support/kube/harvester/machines/machine.rules.ts";
import {
  bytesText,
  processorsText,
  quantityOf,
} from "../../../../support/kube/harvester/machines/quantity.ts";
import {
  beforeVersion,
  received,
  type Screen,
} from "../../../../support/kube/harvester/machines/rfb.rules.ts";
import { atLogin, type GuestFacts, typed } from "../../../../support/kube/harvester/machines/shell.rules.ts";
import { selfSignedCertificate } from "../../../../support/kube/self-signed.ts";

describe("quantities", () => {
  it.each([
    ["500m", 0.5],
    ["8Gi", 8 * 2 ** 30],
    ["1e3", 1000],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["2k", 2000],
    [3, 3],
    ["many", 0],
    [undefined, 0],
  ])("reads %s", (text, amount) => {
    expect(quantityOf(text)).toBe(amount);
  });

  it("writes them in the largest unit that divides", () => {
    expect([bytesText(8 * 2 ** 30), bytesText(1.5 * 2 ** 30), bytesText(1000)]).toEqual([
      "8Gi",
      "1536Mi",
      "1000",
    ]);
    expect([processorsText(2), processorsText(0.25)]).toEqual(["2", "250m"]);
  });
});

describe("cron lines", () => {
  const next = (line: string, after: string) => {
    const cron = parseCron(line);
    const at = cron === undefined ? undefined : nextCron(cron, Date.parse(after));
    return at === undefined ? undefined : new Date(at).toISOString();
  };

  it.each([
    ["0 2 * * *", "2026-01-05T02:00:00Z", "2026-01-06T02:00:00.000Z"],
    ["*/15 * * * *", "2026-01-05T02:14:59Z", "2026-01-05T02:15:00.000Z"],
    ["30 8-10/2 * * 1", "2026-01-05T09:00:00Z", "2026-01-05T10:30:00.000Z"],
    ["0 0 1 1 *", "2026-01-05T00:00:00Z", "2027-01-01T00:00:00.000Z"],
    ["0 0 13 * 5", "2026-01-05T00:00:00Z", "2026-01-09T00:00:00.000Z"],
    ["0 0 * * 7", "2026-01-05T00:00:00Z", "2026-01-11T00:00:00.000Z"],
    ["0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ])("%s after %s", (line, after, expected) => {
    expect(next(line, after)).toBe(expected);
  });

  it.each(["", "* * * *", "61 * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *"])("refuses %j", (line) => {
    expect(parseCron(line)).toBeUndefined();
  });
});

describe("starting again", () => {
  it("waits ten seconds, a hundred, and then five minutes", () => {
    expect([1, 2, 3, 9].map(startBackoffMs)).toEqual([10_000, 100_000, 300_000, 300_000]);
  });
});

describe("the shell", () => {
  const guest: GuestFacts = {
    hostname: "g",
    system: "Ubuntu",
    kernel: "5.15",
    processors: 2,
    memoryBytes: 2 ** 30,
    address: undefined,
    bootedAt: 0,
    now: 600_000,
  };
  const typedIn = (text: string) => typed(atLogin, text, guest);

  it("takes back what is rubbed out, and a whole line at once", () => {
    expect(typedIn("root\rx\recho ab\u007fc\r").output).toContain("echo ab\b \bc\r\nac\r\nroot@g:~# ");
    expect(typedIn("root\rx\recho ab\u0003").output).toMatch(/\^C\r\nroot@g:~# $/);
  });

  it("lets nobody in without a password", () => {
    expect(typedIn("root\r\r").output).toContain("Login incorrect");
    expect(typedIn("\r\r").state.stage).toBe("login");
  });

  it("ends a session with exit and with the end of input", () => {
    expect(typedIn("root\rx\rexit\r").state).toEqual(atLogin);
    expect(typedIn("root\rx\r\u0004").state).toEqual(atLogin);
  });

  it("reads the same in one piece and letter by letter", () => {
    const text = "ubuntu\rpw\rnproc\r";
    let state = atLogin;
    let output = "";
    for (const letter of text) {
      const step = typed(state, letter, guest);
      state = step.state;
      output += step.output;
    }
    expect({ state, output }).toEqual(typedIn(text));
  });
});

describe("the screen's protocol", () => {
  const screen: Screen = {
    name: "s",
    draw: () => ({ width: 1, height: 1, pixels: Uint8Array.of(255, 128, 0) }),
  };
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
  const hello = bytes("RFB 003.008\n", [1], [1]);
  const sent = (input: Uint8Array) => {
    const step = received(beforeVersion, input, screen);
    return { ...step, bytes: Buffer.concat(step.output) };
  };

  it("is the same however the bytes are cut", () => {
    const input = bytes(
      [...hello].length > 0 ? hello.toString("latin1") : "",
      [3, 0, 0, 0, 0, 0, 0, 1, 0, 1],
    );
    let state = beforeVersion;
    const output: Uint8Array[] = [];
    for (const byte of input) {
      const step = received(state, Uint8Array.of(byte), screen);
      state = step.state;
      output.push(...step.output);
    }
    expect(Buffer.concat(output)).toEqual(sent(input).bytes);
  });

  it("sends pixels in the format that the viewer asks for", () => {
    const format = [0, 0, 0, 0, 16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0];
    const pixel = sent(
      bytes(hello.toString("latin1"), format, [3, 0, 0, 0, 0, 0, 0, 1, 0, 1]),
    ).bytes.subarray(-2);
    expect(pixel.readUInt16LE()).toBe((31 << 11) | (32 << 5));
  });

  it("speaks 3.3 to those who ask, and hangs up on those who don't speak it", () => {
    expect([...sent(bytes("RFB 003.003\n")).bytes]).toEqual([0, 0, 0, 1]);
    expect(sent(bytes("GET / HTTP/1.1\r\n")).state.stage).toBe("closed");
    expect(sent(bytes("RFB 003.008\n", [2])).bytes.toString()).toContain("Security type not offered");
    expect(sent(bytes(hello.toString("latin1"), [99])).state.stage).toBe("closed");
  });
});

describe("a certificate made at the start", () => {
  it("vouches for itself and for the loopback, as long as it is told", () => {
    const { cert } = selfSignedCertificate("127.0.0.1");
    const read = new X509Certificate(cert);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(read.checkHost("localhost")).toBe("localhost");
    const old = new X509Certificate(selfSignedCertificate("127.0.0.1", -1000).cert);
    expect(Date.parse(old.validTo)).toBeLessThan(Date.now());
  });
});
