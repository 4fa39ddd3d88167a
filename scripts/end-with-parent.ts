/**
 * Loaded before wrangler: when the process that started it is gone, however it ended, the whole group ends at once.
 * Otherwise a killed `npm start` would leave a Worker that holds the port and the state.
 */
if (process.send && process.platform !== "win32") {
  process.on("disconnect", () => process.kill(0, "SIGKILL"));
  process.channel?.unref();
}
