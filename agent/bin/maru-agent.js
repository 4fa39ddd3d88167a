#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: it finds a Node that runs TypeScript and hands over to it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "..", "src", "main.ts");

function runsTypeScript(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

function findNode() {
  const names = process.platform === "win32" ? ["node.exe", "node.cmd"] : ["node"];
  for (let folder = here; ; folder = dirname(folder)) {
    for (const name of names) {
      const candidate = join(folder, "node_modules", ".bin", name);
      if (existsSync(candidate)) return candidate;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

if (runsTypeScript(process.versions.node)) {
  await import(new URL("../src/main.ts", import.meta.url).href);
} else {
  const node = findNode();
  if (node === undefined) {
    process.stderr.write(
      `maru-agent: Node ${process.versions.node} is too old and no other was found. Install Node 22.18 or later, or run \`npm ci\` in the project.\n`,
    );
    process.exit(70);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: "inherit",
    shell: node.endsWith(".cmd"),
  });
  // The terminal sends its interrupt to both; only the other process decides what it means.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT") child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`maru-agent: ${error.message}\n`);
    process.exit(70);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
  });
}
