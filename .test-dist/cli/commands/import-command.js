import { PRECISIONS } from '../../model/quantise/precision.js';
import { hashModel } from '../../sources/hash-model.js';
import { importModel } from '../../sources/import-model.js';
import { progressOn } from '../../terminal/progress-bars.js';
import { defineCommand } from '../command.js';
import { badOption } from '../options.js';
import { EXIT } from '../terminal.js';
/** `sorted-eval import <checkpoint> <out>` */
export const importCommand = defineCommand({
    command: 'import <checkpoint> <out>',
    describe: 'import a Hugging Face checkpoint as a model folder',
    builder: (args) => args
        .positional('checkpoint', { type: 'string', demandOption: true, describe: 'checkpoint folder' })
        .positional('out', { type: 'string', demandOption: true, describe: 'model folder to make' })
        .option('exits', { type: 'string', describe: 'layers to exit at, e.g. 12,16,20' })
        .option('precision', {
        choices: PRECISIONS,
        default: 'fp32',
        describe: 'of the weights; fp32 links the checkpoint’s own, the others write a copy',
    })
        .option('replace', { type: 'boolean', default: false, describe: 'replace an existing folder' })
        .option('hash', {
        type: 'boolean',
        default: false,
        describe: 'hash the weights now, not before their first use',
    }),
    run: async ({ checkpoint, out, exits, precision, replace, hash }, { stdout, stderr, signal }) => {
        const options = { precision, replace, ...(exits === undefined ? {} : { exits: parseExits(exits) }) };
        const watch = { progress: progressOn(stderr), signal };
        const manifest = await importModel(checkpoint, out, options, watch);
        if (hash)
            await hashModel(out, manifest, watch);
        const { kind, architecture, exits: imported, notes } = manifest;
        stdout.write(`${out}: ${kind}, ${architecture.layers} layers, exits ${imported.join(', ')}\n`);
        for (const note of notes)
            stdout.write(`${note}\n`);
        return EXIT.done;
    },
});
function parseExits(list) {
    const exits = list.split(',').map(Number);
    if (exits.every((exit) => Number.isInteger(exit) && exit > 0))
        return exits;
    const expected = 'layer numbers separated by commas, such as 12,16,20';
    throw badOption('--exits', expected, JSON.stringify(list), 'Correct the list.');
}
