import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Texts } from "../cli/english.ts";
import type { Dial } from "../core/socket.ts";
import { explainUntrusted, isUntrusted } from "../drivers/certificate.ts";
import { skewMs } from "../trust/trusted-keys.rules.ts";
import type { Check } from "./check.ts";

const timeoutMs = 10_000;

/** The way to Maru, step by step; what comes after a step that failed is left out. */
export async function checkMaru(connectUrl: string, dial: Dial, say: Texts): Promise<readonly Check[]> {
  const url = new URL(connectUrl);
  const secure = url.protocol === "wss:";
  const port = Number(url.port || (secure ? 443 : 80));
  const checks: Check[] = [];
  const steps: readonly (() => Promise<Check>)[] = [
    () => checkName(url.hostname, say),
    () => checkTcp(url.hostname, port, say),
    () => (secure ? checkTls(url, port, say) : Promise.resolve(plain(say))),
    () => checkWebSocket(connectUrl, dial, say),
  ];
  for (const step of steps) {
    const check = await step();
    checks.push(check);
    if (check.result === "fail") return checks;
  }
  return [...checks, await checkClock(url, say)];
}

function plain(say: Texts): Check {
  return { id: "tls", title: say.checks.tls, result: "warn", detail: say.plainHttp };
}

function hostOf(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

async function checkName(hostname: string, say: Texts): Promise<Check> {
  const check = { id: "dns", title: say.checks.dns };
  try {
    const found = await lookup(hostOf(hostname), { all: true });
    return { ...check, result: "ok", detail: say.resolves(found.map(({ address }) => address).join(", ")) };
  } catch (error) {
    return { ...check, result: "fail", detail: messageOf(error), next: say.dnsNext(hostname) };
  }
}

function checkTcp(hostname: string, port: number, say: Texts): Promise<Check> {
  const check = { id: "tcp", title: say.checks.tcp };
  return new Promise((resolve) => {
    const socket = connect({ host: hostOf(hostname), port, timeout: timeoutMs });
    const done = (result: Check): void => {
      socket.destroy();
      resolve(result);
    };
    const fail = (detail: string): void =>
      done({ ...check, result: "fail", detail, next: say.tcpNext(hostname, port) });
    socket.once("connect", () => done({ ...check, result: "ok", detail: `${hostname}:${port}` }));
    socket.once("timeout", () => fail("ETIMEDOUT"));
    socket.once("error", (error) => fail(messageOf(error)));
  });
}

function checkTls(url: URL, port: number, say: Texts): Promise<Check> {
  const check = { id: "tls", title: say.checks.tls };
  return new Promise((resolve) => {
    const host = hostOf(url.hostname);
    const socket = connectTls({
      host,
      port,
      servername: /^[\d.]+$|:/.test(host) ? "" : host,
      timeout: timeoutMs,
    });
    const done = (result: Check): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("secureConnect", () => {
      const { subject, valid_to: until } = socket.getPeerCertificate();
      done({ ...check, result: "ok", detail: `${String(subject?.CN ?? host)}, ${until}` });
    });
    socket.once("timeout", () => done({ ...check, result: "fail", detail: "ETIMEDOUT", next: say.tlsNext }));
    socket.once("error", (error) => {
      const https = new URL(url.href.replace(/^wss:/, "https:"));
      const said = isUntrusted(error)
        ? explainUntrusted(https, error.code ?? "", "NODE_EXTRA_CA_CERTS")
        : Promise.resolve(messageOf(error));
      said.then((detail) => done({ ...check, result: "fail", detail, next: say.tlsNext }));
    });
  });
}

/** Opens the agent's own WebSocket and leaves at the relay's first word, without a hello. */
async function checkWebSocket(connectUrl: string, dial: Dial, say: Texts): Promise<Check> {
  const check = { id: "websocket", title: say.checks.websocket };
  const heard = Promise.withResolvers<string | undefined>();
  try {
    const socket = await dial(connectUrl, {
      text: () => heard.resolve(undefined),
      bytes: () => heard.resolve(undefined),
      closed: (code, reason) => heard.resolve(`${code} ${reason}`.trim()),
    });
    const timer = setTimeout(() => heard.resolve("ETIMEDOUT"), timeoutMs);
    const failure = await heard.promise;
    clearTimeout(timer);
    socket.close(1000, "doctor");
    socket.terminate();
    if (failure === undefined) return { ...check, result: "ok", detail: say.websocketFine };
    return { ...check, result: "fail", detail: failure, next: say.websocketNext };
  } catch (error) {
    return { ...check, result: "fail", detail: messageOf(error), next: say.websocketNext };
  }
}

async function checkClock(url: URL, say: Texts): Promise<Check> {
  const check = { id: "clock", title: say.checks.clock };
  try {
    const http =
      url.origin === "null"
        ? new URL(url.href.replace(/^ws/, "http")).origin
        : url.origin.replace(/^ws/, "http");
    const before = Date.now();
    const response = await fetch(`${http}/agent/v1/enroll`, {
      method: "HEAD",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    const date = response.headers.get("date");
    if (date === null) return { ...check, result: "warn", detail: say.noDate };
    const between = before + (Date.now() - before) / 2;
    const offMs = Math.abs(Date.parse(date) + 500 - between);
    const seconds = Math.round(offMs / 1000);
    if (offMs > skewMs)
      return { ...check, result: "fail", detail: say.clockOff(seconds), next: say.clockNext };
    if (offMs > 30_000)
      return { ...check, result: "warn", detail: say.clockOff(seconds), next: say.clockNext };
    return { ...check, result: "ok", detail: say.clockFine(seconds) };
  } catch (error) {
    return { ...check, result: "warn", detail: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
