/** What finds the rows of a choice in a view with one row or more for each cell. */
export function chosenCells({ run, comparison, exitA, exitB }) {
    const where = 'WHERE run = @run AND comparison = @comparison';
    if (exitA === undefined || exitB === undefined)
        return { where, params: { run, comparison } };
    return {
        where: `${where} AND exit_a = @exitA AND exit_b = @exitB`,
        params: { run, comparison, exitA, exitB },
    };
}
