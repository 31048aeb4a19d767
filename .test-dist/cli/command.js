/** A command whose `run` takes the arguments that its builder declares. */
export function defineCommand(command) {
    // yargs calls `run` with what this very builder made.
    return command;
}
