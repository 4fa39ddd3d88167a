import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type ClusterUnderTest, clusterUnderTest, paths } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeAll(async () => {
  cluster = await clusterUnderTest();
});
afterAll(() => cluster.stop());

class Line {
  readonly socket: WebSocket;
  #bytes = Buffer.alloc(0);
  #arrived: () => void = () => {};
  readonly closed: Promise<number>;

  constructor(path: string, token = "secret") {
    const url = cluster.simulator.url.replace("http", "ws") + path;
    this.socket = new WebSocket(url, "plain.kubevirt.io", { headers: { authorization: `Bearer ${token}` } });
    this.socket.on("message", (data: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, data]);
      this.#arrived();
    });
    this.closed = new Promise((resolve) => this.socket.on("close", resolve));
  }

  /** Waits for so many bytes and takes them. */
  async take(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) await new Promise<void>((resolve) => (this.#arrived = resolve));
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  /** Waits for a text and takes everything up to its end. */
  async upTo(text: string): Promise<string> {
    while (!this.#bytes.includes(text)) await new Promise<void>((resolve) => (this.#arrived = resolve));
    return (await this.take(this.#bytes.indexOf(text) + text.length)).toString();
  }

  refusal(): Promise<number> {
    return new Promise((resolve) => {
      this.socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      this.socket.on("error", () => {});
    });
  }
}

describe("the serial console", () => {
  it("shows the end of the boot, lets somebody in, and runs what is typed", async () => {
    const line = new Line(paths.instanceVerb("web-01", "console"));
    expect(await line.upTo("web-01 login: ")).toContain("Cloud-init finished");
    line.socket.send("ubuntu\r");
    expect(await line.upTo("Password: ")).toContain("ubuntu");
    line.socket.send("not shown\r");
    expect(await line.upTo("ubuntu@web-01:~$ ")).not.toContain("not shown");
    line.socket.send("echo 'hello there'\r");
    expect(await line.upTo("$ ")).toBe("echo 'hello there'\r\nhello there\r\nubuntu@web-01:~$ ");
    line.socket.send("rm -rf /\r");
    expect(await line.upTo("$ ")).toContain("rm: command not found");
    line.socket.close();
    await line.closed;
  });

  it("ends with the guest", async () => {
    const line = new Line(paths.instanceVerb("db-01", "console"));
    await line.upTo("login: ");
    await cluster.call("PUT", paths.verb("db-01", "stop"), { gracePeriod: 0 });
    await cluster.pass(5);
    expect(await line.closed).toBe(1000);
  });

  it("is not there for a guest that does not run, or for somebody unknown", async () => {
    expect(await new Line(paths.instanceVerb("build-01", "console")).refusal()).toBe(404);
    expect(await new Line(paths.instanceVerb("web-01", "console"), "wrong").refusal()).toBe(401);
  });
});

describe("the screen", () => {
  it("speaks RFB 3.8 without a password and sends a picture", async () => {
    const line = new Line(paths.instanceVerb("web-01", "vnc"));
    expect((await line.take(12)).toString()).toBe("RFB 003.008\n");
    line.socket.send("RFB 003.008\n");
    expect([...(await line.take(2))]).toEqual([1, 1]);
    line.socket.send(Buffer.from([1]));
    expect((await line.take(4)).readUInt32BE()).toBe(0);
    line.socket.send(Buffer.from([1]));
    const init = await line.take(24);
    const [width, height] = [init.readUInt16BE(0), init.readUInt16BE(2)];
    expect((await line.take(init.readUInt32BE(20))).toString()).toBe("default/web-01");
    line.socket.send(Buffer.from([3, 0, 0, 0, 0, 0, 1, 64, 0, 200]));
    const head = await line.take(16);
    expect([head[0], head.readUInt16BE(2), head.readInt32BE(12)]).toEqual([0, 1, 0]);
    const before = Buffer.from(await line.take(width * height * 4));
    line.socket.send(Buffer.from([3, 1, 0, 0, 0, 0, 1, 64, 0, 200]));
    line.socket.send(Buffer.from([4, 1, 0, 0, 0, 0, 0, 97]));
    await line.take(16);
    expect((await line.take(width * height * 4)).equals(before)).toBe(false);
    line.socket.close();
    await line.closed;
  });

  it("can be photographed", async () => {
    const response = await fetch(cluster.simulator.url + paths.instanceVerb("web-01", "vnc/screenshot"), {
      headers: { authorization: "Bearer secret" },
    });
    expect(response.headers.get("content-type")).toBe("image/png");
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([320, 200]);
  });
});

describe("ports of a guest", () => {
  it("answer where something listens, and are refused elsewhere", async () => {
    const web = new Line(paths.instanceVerb("web-01", "portforward/80/tcp"));
    await new Promise((resolve) => web.socket.on("open", resolve));
    web.socket.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await web.upTo("</h1>")).toContain("200 OK");
    const ssh = new Line(paths.verb("web-01", "portforward/22"));
    expect(await ssh.upTo("\r\n")).toMatch(/^SSH-2\.0-/);
    ssh.socket.close();
    expect(await new Line(paths.instanceVerb("web-01", "portforward/81")).closed).toBe(1011);
    expect(await new Line(paths.instanceVerb("notebook-01", "portforward/22", "ml-team")).refusal()).toBe(
      409,
    );
  });
});
