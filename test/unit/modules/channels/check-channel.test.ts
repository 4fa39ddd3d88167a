import { describe, expect, it } from "vitest";
import { ChannelConfig } from "../../../../contracts/channels.ts";
import type { Ctx } from "../../../../src/kernel/context.ts";
import { AppError } from "../../../../src/kernel/problem.ts";
import { checkChannel } from "../../../../src/modules/channels/check-channel.ts";
import { safeBaseUrl } from "../../../../src/platform/egress/safe-base-url.ts";

const egress = { mustReach: (url: string) => void safeBaseUrl(url, []) };
const ctx = { ports: { egress } } as unknown as Ctx;
const refusalOf = (config: object) => {
  try {
    checkChannel(ctx, ChannelConfig.parse(config), {});
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  return undefined;
};

describe("a channel whose host must not be reached", () => {
  it("is refused with a pointer to the address in its configuration", () => {
    expect(refusalOf({ kind: "webhook", url: "http://192.168.0.1/" })).toMatchObject({
      kind: "forbidden",
      code: "channels.host_refused",
      errors: [{ pointer: "/config/url", code: "host_refused" }],
    });
    expect(refusalOf({ kind: "ntfy", topic: "ops", apiUrl: "https://10.0.0.6" })).toMatchObject({
      code: "channels.host_refused",
      errors: [{ pointer: "/config/apiUrl", code: "host_refused" }],
    });
  });

  it("is not what a channel of a public host is, nor one whose address is its secret", () => {
    expect(refusalOf({ kind: "webhook", url: "https://hooks.example.com/maru" })).toBeUndefined();
    expect(refusalOf({ kind: "discord" })).toBeUndefined();
  });
});
