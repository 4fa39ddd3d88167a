import { commands } from "./commands.ts";
import { thisMachine } from "./machine.ts";
import { runCli } from "./run-cli.ts";

// A reader that goes away, such as `head`, ends the output; it is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 70);
});

const code = await runCli(process.argv.slice(2), commands, thisMachine);
// A console whose other side has gone would hold the process; what was printed leaves first.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
