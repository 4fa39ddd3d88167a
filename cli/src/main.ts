import { commands } from "./commands.ts";
import { thisMachine } from "./machine.ts";
import { runCli } from "./run-cli.ts";

// A reader that goes away, such as `head`, ends the output; it is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 70);
});

process.exitCode = await runCli(process.argv.slice(2), commands, thisMachine);
