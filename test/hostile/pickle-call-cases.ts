/** Pickles that call, or hold, what no state dict does. */
import * as write from '../support/pickle-file.ts';
import type { TorchContent } from '../support/torch-file.ts';
import type { HostileCase } from './hostile-case.ts';
import { headCases } from './pickled-head.ts';

const { bytes, call, dict, integer, named, pickle, tensor, text, tuple } = write;

const FUNCTIONS = [
  'os.system',
  'posix.system',
  'nt.system',
  'os.execv',
  'subprocess.Popen',
  'subprocess.check_output',
  'builtins.eval',
  'builtins.exec',
  'builtins.getattr',
  'builtins.open',
  'builtins.__import__',
  '__builtin__.eval',
  'importlib.import_module',
  'runpy.run_path',
  'shutil.rmtree',
  'webbrowser.open',
  'socket.create_connection',
  'pty.spawn',
  'ctypes.CDLL',
  'pickle.loads',
  'marshal.loads',
  'operator.attrgetter',
  'functools.partial',
  'collections.Counter',
  'torch.load',
  'torch.hub.load',
  'torch.storage._load_from_bytes',
  'torch._utils._rebuild_tensor',
  'torch._tensor._rebuild_from_type_v2',
  'torch.jit._pickle.restore_type_tag',
  'torch.nn.modules.linear.Linear',
  'numpy.core.multiarray._reconstruct',
  'transformers.models.llama.modeling_llama.LlamaForCausalLM',
  '__main__.Model',
  'child_process.execSync',
  'constructor.constructor',
];

/** Names that a pickle asks its reader to call. */
export function calledNames(intact: TorchContent): HostileCase[] {
  const split = (name: string) =>
    [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)] as const;
  const stackGlobal = (module: string, name: string) => bytes(text(module), text(name), [0x93]);
  const calls = FUNCTIONS.map((name) => [name, call(named(...split(name)), text('touch gadget-was-run'))]);
  const otherwise: Record<string, Buffer> = {
    'os.system by STACK_GLOBAL': call(stackGlobal('os', 'system'), text('touch gadget-was-run')),
    'an attribute of a known name': call(stackGlobal('collections', 'OrderedDict.update'), text('x')),
    'a known name in other letters': call(stackGlobal('c\u043ellections', 'OrderedDict')),
    'a module with a line break': call(stackGlobal('os\nsystem', 'x')),
    __proto__: call(stackGlobal('__proto__', '__proto__')),
  };
  return headCases(
    'calls',
    intact,
    { ...Object.fromEntries(calls), ...otherwise },
    /which no state dict needs/,
  );
}

/** Calls of known names that nobody would save, and objects that are built. */
export function wrongCalls(intact: TorchContent): HostileCase[] {
  const rebuild = named('torch._utils', '_rebuild_tensor_v2');
  const storage = (...id: Buffer[]) => bytes(tuple(...id), write.BINPERSID);
  return headCases('holds', intact, {
    'a name of a megabyte': call(named('o'.repeat(1_000_000), 's')),
    'a name alone': named('torch', 'FloatStorage'),
    'a storage alone': storage(text('storage'), named('torch', 'FloatStorage'), text('0')),
    'a tensor of nothing': call(rebuild),
    'a tensor of a text': call(rebuild, text('x'), integer(0), tuple(), tuple()),
    'a tensor of a tensor': call(rebuild, tensor({ dtype: 'F32', shape: [1], storage: '0' }), integer(0)),
    'a storage called as a function': call(named('torch', 'FloatStorage'), integer(1_000_000_000)),
    'a storage of an unknown class': storage(text('storage'), named('torch', 'QUInt8Storage'), text('0')),
    'a storage of complex numbers': storage(
      text('storage'),
      named('torch', 'ComplexFloatStorage'),
      text('0'),
    ),
    'a module as a storage': storage(text('module'), named('torch', 'FloatStorage'), text('0')),
    'a storage by a number': storage(text('storage'), named('torch', 'FloatStorage'), integer(0)),
    'a storage by a list': bytes(write.EMPTY_LIST, write.BINPERSID),
    'a parameter of a text': call(named('torch._utils', '_rebuild_parameter'), text('x')),
    'an OrderedDict of arguments': call(named('collections', 'OrderedDict'), text('x')),
    'a call without a tuple': bytes(named('collections', 'OrderedDict'), text('x'), write.REDUCE),
    'a text that is called': call(text('os.system'), text('x')),
    'a dict': dict({ weight: integer(1) }),
    'a list': write.EMPTY_LIST,
    'a number': integer(7),
    'a pickle in a text': text(pickle(call(named('os', 'system'), text('x'))).toString('latin1')),
    None: bytes('N'),
  });
}
