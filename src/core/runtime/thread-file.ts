/**
 * The file of a thread that lies beside `module`: compiled, or its source, which Node itself reads or the loader that the
 * tests use.
 * @param module `import.meta.url` of the file that starts the thread
 * @param name of the thread's file without its ending; `<name>-from-source.mjs` lies beside it
 */
export function threadFile(module: string, name: string): URL {
  const isSource = module.endsWith('.ts');
  const isReadByNode = Boolean((process.features as { typescript?: unknown }).typescript);
  const source = isReadByNode ? `${name}.ts` : `${name}-from-source.mjs`;
  return new URL(isSource ? source : `${name}.js`, module);
}
