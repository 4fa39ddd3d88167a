import { runCli } from "./cli/run-cli.ts";

// A reader that goes away, such as `head`, ends the output; it is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 70);
});

const code = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  onStop: (stop) => {
    let asked = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        stop();
      });
    }
  },
});
// Kept connections and watches would hold the process for a while; everything is on the disk by now.
process.exit(code);
